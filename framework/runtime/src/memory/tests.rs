use super::shelf_bytes;

const GIB: u64 = 1 << 30;
const UNKNOWN: u64 = GIB / 4;

fn with(files: &[(&str, &str)]) -> u64 {
    let read = |path: &str| {
        let found = files.iter().find(|(name, _)| *name == path);
        found.map(|(_, text)| (*text).to_owned())
    };
    shelf_bytes(&read)
}

#[test]
fn a_quarter_of_the_limit_is_for_objects() {
    let half = (GIB / 2).to_string() + "\n";
    for files in [
        vec![("/sys/fs/cgroup/memory.max", half.as_str())],
        vec![("/sys/fs/cgroup/memory/memory.limit_in_bytes", &half)],
        vec![
            ("/proc/self/cgroup", "0::/system.slice/node.service\n"),
            ("/sys/fs/cgroup/system.slice/node.service/memory.max", &half),
        ],
        vec![
            ("/proc/self/cgroup", "5:cpu,cpuacct:/x\n4:memory:/docker/a\n"),
            ("/sys/fs/cgroup/memory/docker/a/memory.limit_in_bytes", &half),
            ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712"),
        ],
    ] {
        assert_eq!(with(&files), GIB / 8, "{files:?}");
    }
}

#[test]
fn the_smallest_limit_on_the_way_up_counts() {
    let files = [
        ("/proc/self/cgroup", "0::/a/b"),
        ("/sys/fs/cgroup/a/b/memory.max", "max"),
        ("/sys/fs/cgroup/a/memory.max", "536870912"),
        ("/sys/fs/cgroup/memory.max", "2147483648"),
    ];
    assert_eq!(with(&files), GIB / 8);
}

#[test]
fn without_a_limit_the_default_holds() {
    for text in ["max", "9223372036854771712", "", "-1", "a lot"] {
        assert_eq!(with(&[("/sys/fs/cgroup/memory.max", text)]), UNKNOWN, "{text}");
    }
    assert_eq!(with(&[]), UNKNOWN);
    assert_eq!(with(&[("/proc/self/cgroup", "broken\n0\n1:memory")]), UNKNOWN);
}
