//! World Bank WITS: tariff averages by country, and UNCTAD TRAINS tariffs by product in bulk.
//!
//! **Where from**: World Bank, World Integrated Trade Solution, <https://wits.worldbank.org>; tariffs from UNCTAD TRAINS and the WTO.
//! **Licence**: facts, to be cited; TRAINS asks users to register and not to pass on its data in bulk.
//!
//! **Layout 1, trade summary** ([`read_summary`]): one CSV per reporter, `en_USA_AllYears_WITS_Trade_Summary.CSV`, header
//! `Reporter,Partner,Product categories,Indicator Type,Indicator,2021,2020,...,1988`: years are columns, latest first; numbers are padded with
//! blanks, missing are empty. Rows whose type is `Tariff` hold averages by group of products, in **per cent**: indicators
//! `AHS Simple Average (%)`, `AHS Weighted Average (%)` (applied: effectively applied, preferences included), the same for `MFN`, and maxima. The
//! reporter and partner are names, not codes; the code of the reporter stands in the file's name ([`reporter_of`]).
//!
//! **Layout 2, bulk download** ([`read_bulk`]): CSV, one row per reporter, year, product and, for preferences, partner: header
//! `NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,TotalNoOfLines,Nbr_AVE_Lines,...`. Codes of
//! countries are numeric (ISO 3166, with exceptions such as 918 for the European Union); products are HS, two to ten digits, leading zeros
//! kept or lost; rates are **per cent**. A partner of `000` is everyone.
//!
//! **Quirks**: the bulk layout is documented by the World Bank and was not seen here in a file of its own; names of columns are matched without
//! regard to capitals and underscores left in.
//!
//! Rates are told as fractions.

mod bulk;
mod summary;

pub use bulk::read as read_bulk;
pub use summary::{Average, read as read_summary, reporter_of};
