//! Sectors sold as products: a list of trade by product divides the flows of a table.
//!
//! The list says how a flow divides, the table how large it is: `M_nig = M_nij v_nig / sum_{g in j} v_nig` for importer n, exporter i and the
//! products g of sector j, v being the list's values. So the accounts of the world stay balanced, whatever stands between customs values and
//! basic prices.
//!
//! 1. [`Trade`] reads lists and adds them up by the regions of the table;
//! 2. [`Lines`] finds the tariff of every cell: of its product, else of its heading, else of its sector;
//! 3. [`Division`] averages them to tariffs of sectors, with which the world is made, and then divides the flows of that world;
//! 4. `weights.rs` keeps the list for the register of tariff law, whose rates it weighs;
//! 5. [`ImportedProducts`] says how far list and table are apart.

mod divide;
mod lines;
mod lists;
mod told;
mod trade;
mod weights;

pub(super) use divide::Division;
pub(super) use lines::{Lines, Rates};
pub use told::{ImportedProducts, ImportedSector};
pub(super) use trade::Trade;
