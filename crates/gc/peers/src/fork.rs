//! Measuring in a process of its own, and what that process has written.

use std::fs;
use std::io::{self, Read, Write};
use std::os::fd::FromRawFd;

/// Runs something in a forked process and returns its figures.
///
/// # Errors
///
/// No process can be made, or it failed.
pub fn forked(run: impl FnOnce() -> Vec<f64>) -> io::Result<Vec<f64>> {
    let mut ends = [0; 2];
    // SAFETY: *one-thread*: the kernel writes two descriptors.
    if unsafe { libc::pipe(ends.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: *one-thread*: no other thread runs, so the child has all there is.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: *one-thread*: the descriptor is this process's end of the pipe.
        let mut pipe = unsafe { fs::File::from_raw_fd(ends[1]) };
        let figures: Vec<u8> = run()
            .iter()
            .flat_map(|figure| figure.to_ne_bytes())
            .collect();
        let status = i32::from(pipe.write_all(&figures).is_err());
        // SAFETY: *one-thread*: nothing is left to do; what the parent registered for its end is the parent's.
        unsafe { libc::_exit(status) }
    }
    // SAFETY: *one-thread*: the descriptors are this process's ends of the pipe; the child has the other.
    let mut pipe = unsafe {
        libc::close(ends[1]);
        fs::File::from_raw_fd(ends[0])
    };
    if child < 0 {
        return Err(io::Error::last_os_error());
    }
    let mut bytes = Vec::new();
    pipe.read_to_end(&mut bytes)?;
    let mut status = 0;
    // SAFETY: *one-thread*: the child is this process's own.
    unsafe { libc::waitpid(child, &mut status, 0) };
    if status != 0 {
        return Err(io::Error::other(format!(
            "a forked process ended with status {status}"
        )));
    }
    let figures = bytes.chunks_exact(size_of::<f64>());
    Ok(figures
        .map(|bytes| f64::from_ne_bytes(bytes.try_into().expect("eight bytes")))
        .collect())
}

/// The resident bytes of this process, and those of them that no other process shares and that were written.
pub struct Resident {
    pub bytes: f64,
    pub written_bytes: f64,
}

/// Reads both.
///
/// # Errors
///
/// The kernel does not tell.
pub fn resident() -> io::Result<Resident> {
    let text = fs::read_to_string("/proc/self/smaps_rollup")?;
    let field = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        let number =
            line.and_then(|rest| rest.trim_matches([' ', ':', 'k', 'B']).parse::<f64>().ok());
        number
            .map(|kilobytes| kilobytes * 1024.0)
            .ok_or_else(|| io::Error::other(format!("no field {name} in /proc/self/smaps_rollup")))
    };
    Ok(Resident {
        bytes: field("Rss")?,
        written_bytes: field("Private_Dirty")?,
    })
}
