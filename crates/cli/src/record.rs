//! Recording what a program asks of its memory, for `mortice profile`.

use std::any::Any;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mortice::Context;
use mortice_mem::Observer;
use mortice_profile::Recorder;

use crate::problem::Problem;

/// Begins a recording of `program` for the file `path`, once it is clear that this can be written.
pub fn begin(path: PathBuf, program: &Path) -> Result<Recorder, Problem> {
    let [real_path, real_program] = [&*path, program].map(|path| path.canonicalize().ok());
    if real_path.is_some() && real_path == real_program {
        let reason = "it is the program";
        let error = io::Error::new(io::ErrorKind::AlreadyExists, reason);
        return Err(Problem::Write { path, error });
    }
    Ok(Recorder::create(path)?)
}

/// Lets a recorder watch the context's memory.
pub fn watch(cx: &Context, recorder: Recorder) {
    cx.heap().memory().set_observer(Some(Box::new(recorder)));
}

/// Takes the recorder away again.
pub fn unwatch(cx: &Context) -> Option<Box<dyn Observer>> {
    cx.heap().memory().set_observer(None)
}

/// Writes the trace and says on standard error what it holds.
pub fn finish(observer: Box<dyn Observer>) -> Result<(), Problem> {
    let observer: Box<dyn Any> = observer;
    if let Ok(recorder) = observer.downcast::<Recorder>() {
        let recording = recorder.finish()?;
        // Where nobody reads, there is nobody to tell.
        let _ = writeln!(
            io::stderr(),
            "mortice: {}: {} events, at most {} blocks alive at once, {} at the end",
            recorder.path().display(),
            recording.events,
            recording.slots,
            recording.alive
        );
    }
    Ok(())
}
