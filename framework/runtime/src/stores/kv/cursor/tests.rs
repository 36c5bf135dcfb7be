use super::{read, write};

#[test]
fn a_cursor_is_what_the_platform_sends() {
    assert_eq!(write("batch-2"), "CgdiYXRjaC0y");
    assert_eq!(read("CgdiYXRjaC0y").unwrap(), "batch-2");
}

#[test]
fn keys_of_every_length_come_back() {
    for len in [1, 127, 128, 129, 255, 256, 1023, 1024] {
        let key = "k".repeat(len);
        assert_eq!(read(&write(&key)).unwrap(), key, "{len}");
    }
    let wide = "\u{1F980}".repeat(256);
    assert_eq!(read(&write(&wide)).unwrap(), wide);
    assert_eq!(read(&write(&"k".repeat(1025))), None);
}
