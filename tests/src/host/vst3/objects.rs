//! The COM objects that a VST3 host hands to a plugin: itself, streams, event lists, parameter changes.

use crate::host::outbox::{EVENTS_PER_BLOCK, Outbox};
use std::cell::{Cell, RefCell};
use std::ffi::c_void;
use std::sync::Mutex;
use vst3::Steinberg::Vst::Event_::EventTypes_::{kLegacyMIDICCOutEvent, kNoteOffEvent, kNoteOnEvent};
use vst3::Steinberg::Vst::{
    Event, IComponentHandler, IComponentHandlerTrait, IEventList, IEventListTrait, IHostApplication,
    IHostApplicationTrait, IParamValueQueue, IParamValueQueueTrait, IParameterChanges, IParameterChangesTrait, ParamID,
    ParamValue, String128,
};
use vst3::Steinberg::{
    IBStream, IBStreamTrait, TUID, int32, int64, kInvalidArgument, kNotImplemented, kResultFalse, kResultOk, tresult,
};
use vst3::{Class, ComPtr, ComWrapper};

/// The host as a plugin sees it.
pub(super) struct Application;

impl Class for Application {
    type Interfaces = (IHostApplication,);
}

impl IHostApplicationTrait for Application {
    unsafe fn getName(&self, name: *mut String128) -> tresult {
        // SAFETY: the plugin passes room for a String128.
        let name = unsafe { &mut *name };
        name.fill(0);
        for (place, letter) in name.iter_mut().zip("Antiphon tests".encode_utf16()) {
            *place = letter as _;
        }
        kResultOk
    }

    unsafe fn createInstance(&self, _cid: *mut TUID, _iid: *mut TUID, _obj: *mut *mut c_void) -> tresult {
        kNotImplemented
    }
}

/// Takes parameter changes that begin in the plugin.
#[derive(Default)]
pub(super) struct Handler {
    /// Edits since the last block: id, value 0 to 1.
    pub edits: Mutex<Vec<(u32, f64)>>,
}

impl Class for Handler {
    type Interfaces = (IComponentHandler,);
}

impl IComponentHandlerTrait for Handler {
    unsafe fn beginEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn performEdit(&self, id: ParamID, value: ParamValue) -> tresult {
        match self.edits.lock() {
            Ok(mut edits) => {
                edits.push((id, value));
                kResultOk
            }
            Err(_) => kResultFalse,
        }
    }

    unsafe fn endEdit(&self, _id: ParamID) -> tresult {
        kResultOk
    }

    unsafe fn restartComponent(&self, _flags: int32) -> tresult {
        kResultOk
    }
}

/// Bytes with a place in them.
#[derive(Default)]
pub(super) struct Stream {
    pub bytes: RefCell<Vec<u8>>,
    place: Cell<usize>,
}

impl Stream {
    pub fn new(bytes: &[u8]) -> Self {
        Self { bytes: RefCell::new(bytes.to_vec()), place: Cell::new(0) }
    }
}

impl Class for Stream {
    type Interfaces = (IBStream,);
}

impl IBStreamTrait for Stream {
    unsafe fn read(&self, buffer: *mut c_void, wanted: int32, read: *mut int32) -> tresult {
        let bytes = self.bytes.borrow();
        let rest = bytes.get(self.place.get()..).unwrap_or_default();
        let count = rest.len().min(wanted.max(0) as usize);
        // SAFETY: the plugin passes room for `wanted` bytes, and a place for the count or null.
        unsafe {
            buffer.cast::<u8>().copy_from_nonoverlapping(rest.as_ptr(), count);
            if let Some(read) = read.as_mut() {
                *read = count as int32;
            }
        }
        self.place.set(self.place.get() + count);
        kResultOk
    }

    unsafe fn write(&self, buffer: *mut c_void, count: int32, written: *mut int32) -> tresult {
        let count = count.max(0) as usize;
        // SAFETY: the plugin passes `count` bytes, and a place for the count or null.
        let new = unsafe { std::slice::from_raw_parts(buffer.cast::<u8>(), count) };
        let mut bytes = self.bytes.borrow_mut();
        let (start, end) = (self.place.get(), self.place.get() + count);
        if bytes.len() < end {
            bytes.resize(end, 0);
        }
        bytes[start..end].copy_from_slice(new);
        self.place.set(end);
        // SAFETY: as above.
        if let Some(written) = unsafe { written.as_mut() } {
            *written = count as int32;
        }
        kResultOk
    }

    unsafe fn seek(&self, by: int64, from: int32, result: *mut int64) -> tresult {
        use vst3::Steinberg::IBStream_::IStreamSeekMode_::{kIBSeekCur, kIBSeekEnd, kIBSeekSet};
        let origin = match i64::from(from) {
            mode if mode == i64::from(kIBSeekSet) => 0,
            mode if mode == i64::from(kIBSeekCur) => self.place.get() as int64,
            mode if mode == i64::from(kIBSeekEnd) => self.bytes.borrow().len() as int64,
            _ => return kInvalidArgument,
        };
        let place = (origin + by).max(0);
        self.place.set(place as usize);
        // SAFETY: the plugin passes a place for the result, or null.
        if let Some(result) = unsafe { result.as_mut() } {
            *result = place;
        }
        kResultOk
    }

    unsafe fn tell(&self, place: *mut int64) -> tresult {
        // SAFETY: the plugin passes a place for the result.
        match unsafe { place.as_mut() } {
            Some(place) => {
                *place = self.place.get() as int64;
                kResultOk
            }
            None => kInvalidArgument,
        }
    }
}

/// Events for the plugin, in time order.
pub(super) struct InEvents(pub RefCell<Vec<Event>>);

impl InEvents {
    pub fn new() -> Self {
        Self(RefCell::new(Vec::with_capacity(EVENTS_PER_BLOCK)))
    }
}

impl Class for InEvents {
    type Interfaces = (IEventList,);
}

impl IEventListTrait for InEvents {
    unsafe fn getEventCount(&self) -> int32 {
        self.0.borrow().len() as int32
    }

    unsafe fn getEvent(&self, index: int32, place: *mut Event) -> tresult {
        match self.0.borrow().get(index as usize) {
            Some(event) => {
                // SAFETY: the plugin passes room for an event.
                unsafe { place.write(*event) };
                kResultOk
            }
            None => kInvalidArgument,
        }
    }

    unsafe fn addEvent(&self, _event: *mut Event) -> tresult {
        kResultFalse
    }
}

/// Where the plugin's events go; holds the host's outbox during a process call.
pub(super) struct OutEvents(pub RefCell<Option<Box<Outbox>>>);

impl Class for OutEvents {
    type Interfaces = (IEventList,);
}

impl IEventListTrait for OutEvents {
    unsafe fn getEventCount(&self) -> int32 {
        0
    }

    unsafe fn getEvent(&self, _index: int32, _place: *mut Event) -> tresult {
        kInvalidArgument
    }

    unsafe fn addEvent(&self, event: *mut Event) -> tresult {
        // SAFETY: the plugin passes an event.
        let event = unsafe { &*event };
        let mut outbox = self.0.borrow_mut();
        let Some(outbox) = outbox.as_mut() else { return kResultFalse };
        let at = event.sampleOffset as u32;
        let taken = match i64::from(event.r#type) {
            kind if kind == i64::from(kNoteOnEvent) => {
                // SAFETY: the type says which part of the union is written.
                let note = unsafe { event.__field0.noteOn };
                outbox.note(at, true, note.channel, note.pitch, f64::from(note.velocity))
            }
            kind if kind == i64::from(kNoteOffEvent) => {
                // SAFETY: as above.
                let note = unsafe { event.__field0.noteOff };
                outbox.note(at, false, note.channel, note.pitch, f64::from(note.velocity))
            }
            kind if kind == i64::from(kLegacyMIDICCOutEvent) => {
                // SAFETY: as above.
                let moved = unsafe { event.__field0.midiCCOut };
                outbox.controller(at, moved.channel as u8, moved.controlNumber, moved.value as u8)
            }
            _ => Ok(()),
        };
        if taken.is_ok() { kResultOk } else { kResultFalse }
    }
}

/// The changes of one parameter within a block.
struct Queue {
    id: Cell<u32>,
    points: RefCell<Vec<(int32, f64)>>,
}

impl Class for Queue {
    type Interfaces = (IParamValueQueue,);
}

impl IParamValueQueueTrait for Queue {
    unsafe fn getParameterId(&self) -> ParamID {
        self.id.get()
    }

    unsafe fn getPointCount(&self) -> int32 {
        self.points.borrow().len() as int32
    }

    unsafe fn getPoint(&self, index: int32, offset: *mut int32, value: *mut ParamValue) -> tresult {
        match self.points.borrow().get(index as usize) {
            Some(&(at, level)) => {
                // SAFETY: the plugin passes places for both.
                unsafe {
                    offset.write(at);
                    value.write(level);
                }
                kResultOk
            }
            None => kInvalidArgument,
        }
    }

    unsafe fn addPoint(&self, _offset: int32, _value: ParamValue, _index: *mut int32) -> tresult {
        kResultFalse
    }
}

/// Most parameters that change within one block.
const QUEUES: usize = 64;
/// Most changes of one parameter within one block, without allocating.
const POINTS: usize = 1024;

/// Parameter changes for the plugin, one queue a parameter.
pub(super) struct Changes {
    queues: Vec<(ComWrapper<Queue>, ComPtr<IParamValueQueue>)>,
    used: Cell<usize>,
}

impl Changes {
    pub fn new() -> Self {
        let queue = || {
            let queue = ComWrapper::new(Queue { id: Cell::new(0), points: RefCell::new(Vec::with_capacity(POINTS)) });
            let pointer = queue.to_com_ptr().expect("a queue is an IParamValueQueue");
            (queue, pointer)
        };
        Self { queues: std::iter::repeat_with(queue).take(QUEUES).collect(), used: Cell::new(0) }
    }

    pub fn clear(&self) {
        for (queue, _) in &self.queues[..self.used.get()] {
            queue.points.borrow_mut().clear();
        }
        self.used.set(0);
    }

    /// Adds a change; `false` if too many parameters change.
    pub fn add(&self, at: u32, id: u32, value: f64) -> bool {
        let used = self.used.get();
        let index = self.queues[..used].iter().position(|(queue, _)| queue.id.get() == id).unwrap_or(used);
        let Some((queue, _)) = self.queues.get(index) else { return false };
        queue.id.set(id);
        queue.points.borrow_mut().push((at as int32, value));
        self.used.set(used.max(index + 1));
        true
    }
}

impl Class for Changes {
    type Interfaces = (IParameterChanges,);
}

impl IParameterChangesTrait for Changes {
    unsafe fn getParameterCount(&self) -> int32 {
        self.used.get() as int32
    }

    unsafe fn getParameterData(&self, index: int32) -> *mut IParamValueQueue {
        self.queues[..self.used.get()].get(index as usize).map_or(std::ptr::null_mut(), |(_, queue)| queue.as_ptr())
    }

    unsafe fn addParameterData(&self, _id: *const ParamID, _index: *mut int32) -> *mut IParamValueQueue {
        std::ptr::null_mut()
    }
}
