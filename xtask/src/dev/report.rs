//! What dev itself says; the banner and the requests are the node's.

use std::path::PathBuf;

/// One thing to tell the person at the terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Report {
    Changed(PathBuf),
    ChangedMeanwhile,
    NothingNew,
    ManifestRefused(String),
    BuildFailed(String),
    OriginFailed(String),
    OriginGone(String),
    NodeEnded(String),
    StillServing,
    WaitingForChange,
}

impl std::fmt::Display for Report {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Changed(path) => {
                write!(out, "`{}` changed", crate::manifest::shown(path))
            }
            Self::ChangedMeanwhile => out.write_str("sources changed meanwhile, once more"),
            Self::NothingNew => out.write_str("the build is the same, nothing to restart"),
            Self::ManifestRefused(why) | Self::BuildFailed(why) => out.write_str(why),
            Self::OriginFailed(why) => write!(out, "the demo origin did not start: {why}"),
            Self::OriginGone(why) => write!(
                out,
                "the demo origin ended ({why}); it is started again with the next build"
            ),
            Self::NodeEnded(why) => write!(out, "the node ended ({why})"),
            Self::StillServing => out.write_str("still serving the last good build"),
            Self::WaitingForChange => out.write_str("waiting for a change"),
        }
    }
}
