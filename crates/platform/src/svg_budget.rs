//! What drawing a picture takes, counted on the very shapes that will be drawn:
//! pixels of layers, pieces of lines, dashes.

use crate::picture_fault::PictureFault;
use crate::svg::too_much;
use anyhow::{Result, bail, ensure};
use resvg::usvg;

/// Pixels of layers (opacity, clipping) within one another, and of all of them.
const MOST_PIXELS_DEEP: f64 = 6e6;
const MOST_PIXELS: f64 = 300e6;
/// Pieces of lines that are filled, and that are drawn with a pen, which is dearer.
const MOST_FILLED: usize = 100_000;
const MOST_STROKED: usize = 10_000;
/// Dashes of dashed lines.
const MOST_DASHES: f64 = 10_000.0;

/// Refuses what takes more, drawn at this longer side.
pub fn check(tree: &usvg::Tree, side: u32) -> Result<()> {
    let size = tree.size();
    let scale = f64::from(side) / f64::from(size.width().max(size.height()));
    let (width, height) = (f64::from(size.width()) * scale, f64::from(size.height()) * scale);
    let mut budget = Budget {
        scale,
        widest: 5.0 * width,
        highest: 5.0 * height,
        pixels: 0.0,
        dashes: 0.0,
        filled: 0,
        stroked: 0,
    };
    budget.group(tree.root(), 0.0)
}

/// What drawing takes, counted on what will be drawn.
struct Budget {
    scale: f64,
    widest: f64,
    highest: f64,
    pixels: f64,
    dashes: f64,
    filled: usize,
    stroked: usize,
}

impl Budget {
    /// `above` are the pixels of the layers around this group.
    fn group(&mut self, group: &usvg::Group, above: f64) -> Result<()> {
        ensure!(group.filters().is_empty() && group.mask().is_none(), too_much());
        let mut above = above;
        if group.should_isolate() {
            let area = group.abs_layer_bounding_box();
            let width = (f64::from(area.width()) * self.scale + 4.0).min(self.widest);
            let height = (f64::from(area.height()) * self.scale + 4.0).min(self.highest);
            let mut clip = group.clip_path();
            // a layer, and for each clip another with its mask
            let mut layers = 1.0;
            while let Some(inner) = clip {
                layers += 1.25;
                self.group(inner.root(), above + width * height * layers)?;
                clip = inner.clip_path();
            }
            above += width * height;
            self.pixels += width * height * layers;
            let deepest = above + width * height * (layers - 1.0);
            ensure!(deepest <= MOST_PIXELS_DEEP && self.pixels <= MOST_PIXELS, too_much());
        }
        for child in group.children() {
            match child {
                usvg::Node::Group(group) => self.group(group, above)?,
                usvg::Node::Path(path) => self.path(path)?,
                usvg::Node::Text(text) => self.group(text.flattened(), above)?,
                usvg::Node::Image(_) => {
                    bail!(PictureFault::Pictures)
                }
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &usvg::Path) -> Result<()> {
        self.filled += path.data().verbs().len();
        if path.stroke().is_some() {
            self.stroked += path.data().verbs().len();
        }
        ensure!(self.filled <= MOST_FILLED && self.stroked <= MOST_STROKED, too_much());
        if let Some(dashes) = path.stroke().and_then(usvg::Stroke::dasharray) {
            let points = path.data().points().windows(2);
            let length: f64 = points.map(|p| f64::from((p[1].x - p[0].x).hypot(p[1].y - p[0].y))).sum();
            let round: f64 = dashes.iter().map(|d| f64::from(*d)).sum();
            self.dashes += length / round.max(1e-9) * dashes.len() as f64;
            ensure!(self.dashes <= MOST_DASHES, too_much());
        }
        Ok(())
    }
}
