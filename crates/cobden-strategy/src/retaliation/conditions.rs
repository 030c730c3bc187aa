//! What is raised, and under which conditions.

/// By how much a condition may be missed, in its own unit: shares of income and log points.
pub(super) const MISSED: f64 = 1e-9;

/// A condition on a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Condition {
    pub quantity: usize,
    /// What it must be at least.
    pub level: f64,
    /// Whether it must be exactly that.
    pub exact: bool,
}

/// What is raised, and under which conditions.
#[derive(Clone, Debug)]
pub(super) struct Programme {
    /// By quantity, its weight in what is raised.
    pub weights: Vec<f64>,
    pub conditions: Vec<Condition>,
}

impl Programme {
    /// By quantity, its weight in the Lagrangian.
    pub(super) fn lagrangian(&self, multipliers: &[f64]) -> Vec<f64> {
        let mut weights = self.weights.clone();
        self.conditions.iter().zip(multipliers).for_each(|(at, multiplier)| weights[at.quantity] += multiplier);
        weights
    }

    /// What conditions that bind could still yield: multipliers times what is left of them.
    pub(super) fn slack(&self, values: &[f64], multipliers: &[f64]) -> f64 {
        let left = |at: &Condition| (values[at.quantity] - at.level).max(0.0);
        let binding = self.conditions.iter().zip(multipliers).filter(|(at, _)| !at.exact);
        binding.map(|(at, multiplier)| multiplier * left(at)).sum()
    }

    /// By condition, what it is missed by.
    pub(super) fn missed(&self, values: &[f64]) -> Vec<f64> {
        let missed = |at: &Condition| {
            let short = at.level - values[at.quantity];
            if at.exact { short.abs() } else { short.max(0.0) }
        };
        self.conditions.iter().map(missed).collect()
    }
}
