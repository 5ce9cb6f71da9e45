//! A frame: mark, length, checksum, payload. What has not all of them right is no frame.

/// How a frame begins, so that the next one is found behind a damaged part.
const MARK: [u8; 4] = [0xF0, 0xA7, 0x1F, 0x0A];

/// Bytes before the payload: mark, length and CRC-32 of length and payload, both little-endian.
pub const FRAME_HEAD_BYTES: usize = 12;

/// Longest payload; what claims to be longer is damage.
pub const PAYLOAD_LIMIT_BYTES: usize = 1 << 20;

/// The bytes before a payload.
pub fn head(payload: &[u8]) -> [u8; FRAME_HEAD_BYTES] {
    let length = (payload.len() as u32).to_le_bytes();
    let mut head = [0; FRAME_HEAD_BYTES];
    head[..4].copy_from_slice(&MARK);
    head[4..8].copy_from_slice(&length);
    head[8..].copy_from_slice(&checksum(&length, payload).to_le_bytes());
    head
}

fn checksum(length: &[u8], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(length);
    hasher.update(payload);
    hasher.finalize()
}

/// The payload of the frame that `bytes` begin with.
pub fn payload(bytes: &[u8]) -> Option<&[u8]> {
    let word = |from: usize| bytes.get(from..from + 4)?.try_into().ok().map(u32::from_le_bytes);
    if !bytes.starts_with(&MARK) {
        return None;
    }
    let (length, sum) = (word(4)? as usize, word(8)?);
    if length > PAYLOAD_LIMIT_BYTES {
        return None;
    }
    let payload = bytes.get(FRAME_HEAD_BYTES..FRAME_HEAD_BYTES + length)?;
    (checksum(&bytes[4..8], payload) == sum).then_some(payload)
}

/// The first frame in `bytes`: where it begins, and its payload.
pub fn first(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut from = 0;
    loop {
        from += bytes[from..].windows(MARK.len()).position(|window| window == MARK)?;
        if let Some(payload) = payload(&bytes[from..]) {
            return Some((from, payload));
        }
        from += 1;
    }
}
