//! What the plugin is made of, and under which licences: every one allowed, every one named.

use anyhow::{Context, Result, ensure};
use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, Package, PackageId};
use spdx::{Expression, LicenseId, ParseMode};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;

/// Licences under which others may build on the plugin as freely as on our own parts; of several to choose from, the
/// first in this order is taken. MPL-2.0 asks for its own files alone.
const ALLOWED: [&str; 13] = [
    "MIT",
    "Apache-2.0",
    "ISC",
    "Zlib",
    "BSD-3-Clause",
    "BSD-2-Clause",
    "BSD-1-Clause",
    "Unlicense",
    "Unicode-3.0",
    "BSL-1.0",
    "OFL-1.1",
    "Ubuntu-font-1.0",
    "MPL-2.0",
];

/// Files of a package that hold its licence or what it asks to be told.
const NOTICES: [&str; 5] = ["licen", "copying", "notice", "unlicense", "authors"];

/// A part that the plugin is built of.
#[derive(Debug)]
pub(crate) struct Part {
    name: String,
    version: String,
    licence: String,
    authors: Vec<String>,
    /// The licences that are taken.
    taken: Vec<LicenseId>,
    /// Its own notices: file name and text.
    notices: Vec<(String, String)>,
}

/// The feature with which the program has its window: a release holds it.
const WINDOW: &str = "standalone";

/// Everything that is built into package `root` with its window on this platform, by name; an error names what may not be.
pub(crate) fn parts(root: &str) -> Result<Vec<Part>> {
    let metadata = MetadataCommand::new()
        .features(CargoOpt::SomeFeatures(vec![format!("{root}/{WINDOW}")]))
        .other_options(["--filter-platform".to_owned(), host_platform()?])
        .exec()
        .context("cargo does not say what the plugin depends on")?;
    let mut parts = built_in(&metadata, root)?.into_iter().map(part).collect::<Result<Vec<_>>>()?;
    parts.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(parts)
}

/// `parts` as a text that goes with a release.
pub(crate) fn told(parts: &[Part]) -> String {
    let mut text = String::from("Antiphon is built with these parts of others. Our thanks to all of them.\n\n");
    for part in parts {
        let _ = writeln!(text, "{} {}: {}", part.name, part.version, part.licence);
        if !part.authors.is_empty() {
            let _ = writeln!(text, "    by {}", part.authors.join(", "));
        }
    }
    // Parts of one project carry the same text.
    let mut notices: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for part in parts {
        for (file, notice) in &part.notices {
            notices.entry(notice.trim()).or_default().push(format!("{} {} ({file})", part.name, part.version));
        }
    }
    for (notice, whose) in notices {
        let _ = write!(text, "\n{}\n{}\n\n{notice}\n", "=".repeat(78), whose.join("\n"));
    }
    let without = parts.iter().filter(|part| part.notices.is_empty());
    let standard: BTreeSet<LicenseId> = without.flat_map(|part| part.taken.iter().copied()).collect();
    for licence in standard {
        let _ = write!(
            text,
            "\n{}\n{}: for parts that bring no text of their own\n\n{}\n",
            "=".repeat(78),
            licence.full_name,
            licence.text().trim()
        );
    }
    text
}

/// The packages that `root` is built with, but for this workspace's own and what serves building and testing alone.
fn built_in<'a>(metadata: &'a Metadata, root: &str) -> Result<Vec<&'a Package>> {
    let packages: HashMap<&PackageId, &Package> =
        metadata.packages.iter().map(|package| (&package.id, package)).collect();
    let resolve = metadata.resolve.as_ref().context("cargo did not resolve the dependencies")?;
    let nodes: HashMap<_, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let first = metadata.packages.iter().find(|package| package.name == root);
    let mut open = vec![&first.with_context(|| format!("there is no package {root}"))?.id];
    let mut seen: BTreeSet<&PackageId> = BTreeSet::new();
    while let Some(id) = open.pop() {
        if seen.insert(id) {
            let normal =
                |dep: &&cargo_metadata::NodeDep| dep.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            open.extend(nodes[id].deps.iter().filter(normal).map(|dep| &dep.pkg));
        }
    }
    Ok(seen.into_iter().filter(|id| !metadata.workspace_members.contains(id)).map(|id| packages[id]).collect())
}

fn part(package: &Package) -> Result<Part> {
    let name = package.name.to_string();
    let licence = package.license.clone().with_context(|| format!("{name} names no licence"))?;
    let taken = taken(&licence).with_context(|| format!("{name} {}", package.version))?;
    let dir = package.manifest_path.parent().context("a manifest lies in a folder")?;
    let mut notices = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        let is_notice = NOTICES.iter().any(|start| file.to_lowercase().starts_with(start));
        if is_notice && entry.file_type()?.is_file() {
            notices.push((file, fs::read_to_string(entry.path())?));
        }
    }
    notices.sort();
    Ok(Part { name, version: package.version.to_string(), licence, authors: package.authors.clone(), taken, notices })
}

/// The licences taken of those that `expression` offers.
fn taken(expression: &str) -> Result<Vec<LicenseId>> {
    let parsed = Expression::parse_mode(expression, ParseMode::LAX)?;
    let allowed = |id: LicenseId| ALLOWED.iter().position(|name| *name == id.name);
    let named: Vec<LicenseId> = parsed.requirements().filter_map(|wanted| wanted.req.license.id()).collect();
    let mut candidates: Vec<LicenseId> = named.into_iter().filter(|id| allowed(*id).is_some()).collect();
    candidates.sort_by_key(|id| allowed(*id));
    candidates.dedup();
    // The fewest of the allowed ones, most wished for first, that fulfil the whole.
    let fulfils =
        |with: &[LicenseId]| parsed.evaluate(|wanted| wanted.license.id().is_some_and(|id| with.contains(&id)));
    let enough = (1..=candidates.len()).find(|count| fulfils(&candidates[..*count]));
    ensure!(enough.is_some(), "is under {expression}, which may not be built in");
    candidates.truncate(enough.unwrap_or_default());
    Ok(candidates)
}

/// The platform this is built for, as the compiler names it.
fn host_platform() -> Result<String> {
    let said = std::process::Command::new("rustc").arg("-vV").output().context("rustc cannot be run")?;
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc does not say what it builds for")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_built_into_the_plugin_is_under_a_licence_that_lets_others_build_on_it() {
        let parts = parts("antiphon").unwrap();
        assert!(parts.len() > 50, "{}", parts.len());
        assert!(parts.iter().any(|part| part.name == "cpal"), "the window's parts are among them");
        let told = told(&parts);
        for part in &parts {
            assert!(told.contains(&format!("{} {}: {}", part.name, part.version, part.licence)));
            assert!(!part.notices.is_empty() || told.contains(part.taken[0].full_name), "{}", part.name);
        }
    }

    #[test]
    fn a_choice_is_taken_and_what_is_asked_for_together_is_kept() {
        let names = |expression: &str| taken(expression).unwrap().iter().map(|id| id.name).collect::<Vec<_>>();
        assert_eq!(names("Apache-2.0 OR GPL-2.0-only"), ["Apache-2.0"]);
        assert_eq!(names("Apache-2.0/MIT"), ["MIT"]);
        assert_eq!(names("(MIT OR Apache-2.0) AND Unicode-3.0"), ["MIT", "Apache-2.0", "Unicode-3.0"]);
        assert!(taken("GPL-3.0-only").is_err() && taken("MIT AND GPL-3.0-only").is_err());
    }
}
