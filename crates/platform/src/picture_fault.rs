//! Why a picture that was uploaded is not kept.

cairn_value::refusals! {
    /// What is wrong with a picture; the root of the error that reading it gives.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub enum PictureFault {
        /// More bytes than are read.
        Large = "picture-large",
        /// Too few pixels for a badge.
        Small = "picture-small",
        /// Neither PNG nor SVG.
        Kind = "picture-kind",
        /// It has no size, or something in it cannot be drawn.
        Unreadable = "picture-unreadable",
        /// Broken, or its pixels would be too many.
        UnreadablePng = "png-unreadable",
        /// No XML, or of another kind.
        NotSvg = "svg-none",
        /// Another encoding.
        NotUtf8 = "svg-not-utf8",
        /// More work than it may be.
        Complicated = "svg-complicated",
        /// A picture in the picture.
        Pictures = "svg-pictures",
        /// They expand to anything.
        Entities = "svg-entities",
        /// They could spell what is refused.
        Backslashes = "svg-backslashes",
        /// An element or a style that is not drawn.
        Element(element: String) = "svg-element",
    }
}

impl PictureFault {
    /// The fault that an error of reading a picture stands for.
    pub fn of(error: &anyhow::Error) -> Self {
        error.downcast_ref::<Self>().cloned().unwrap_or(Self::Unreadable)
    }
}
