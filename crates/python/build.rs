//! Tells the crate which CPython it is built for, and the linker what `src/raw/host.rs` needs.

fn main() {
    println!("cargo::rustc-link-arg-examples=-Wl,--export-dynamic");
    pyo3_build_config::use_pyo3_cfgs();
}
