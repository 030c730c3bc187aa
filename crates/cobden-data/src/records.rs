//! One line of a list of trade or of tariffs, as a reader tells it to who listens.

/// What one country bought from another of one product in one year. Borrowed from the reader's buffer: copy what is to be kept.
///
/// A reader calls its listener once for each record, in the order of the file, and stops with the listener's error if it returns one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TradeRecord<'a> {
    /// The year.
    pub year: i32,
    /// Who sells: the code of the dataset, translated to ISO3 where its files say how.
    pub exporter: &'a str,
    /// Who buys.
    pub importer: &'a str,
    /// The product or industry, as the dataset codes it: HS codes padded to their length, leading zeros kept.
    pub product: &'a str,
    /// The value of trade, in millions of the dataset's currency.
    pub value: f64,
}

/// What an importer charges on a product.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TariffRecord<'a> {
    /// The year.
    pub year: i32,
    /// Who charges.
    pub importer: &'a str,
    /// On whose goods; `None`: on everyone's (most favoured nation).
    pub exporter: Option<&'a str>,
    /// The product or sector, as the dataset codes it.
    pub product: &'a str,
    /// The ad valorem rate as a fraction: 0.25 is 25 %.
    pub rate: f64,
    /// The value of trade that the rate is an average over, if the dataset says, in millions of its currency.
    pub weight: Option<f64>,
}
