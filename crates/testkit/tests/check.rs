//! Damaged sources of extensions.

use mortice_testkit::check_model;
use mortice_testkit::classes::Numbers;

#[test]
fn reports_of_damaged_sources_hold() {
    let mut numbers = Numbers::new(11);
    let mut reports = 0;
    for _ in 0..150 {
        let length = 8 + numbers.draw() % 120;
        let data: Vec<u8> = (0..length).map(|_| numbers.draw() as u8).collect();
        let source = check_model::source(&data);
        match check_model::run(&source) {
            Ok(count) => reports += count,
            Err(finding) => panic!("{finding}\n{}", String::from_utf8_lossy(&source)),
        }
    }
    assert!(reports > 200, "{reports}");
}
