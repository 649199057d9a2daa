//! What an instance lets organisations do that its operator has not confirmed.

crate::words! {
    /// The setting `organizations`.
    Policy {
        /// Nothing that others see.
        Approved = "approved",
        /// They issue, and every page and verdict says that nobody has confirmed them.
        Open = "open",
    }
}
