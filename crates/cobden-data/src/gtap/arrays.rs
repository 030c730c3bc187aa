//! Headers as arrays whose indices follow given names.

use cobden_world::{Names, Problem};
use ndarray::{Array1, Array2, Array3, Array4, ArrayD, Axis, Ix1, Ix2, Ix3, Ix4};

use crate::har::{Dimension, Elements, HarFile, Header, Reals};

/// The arrays of a file.
pub(super) struct Arrays<'a> {
    pub(super) file: &'a HarFile,
}

impl Arrays<'_> {
    fn header(&self, name: &str) -> Result<&Header, Problem> {
        let known = self.file.headers.iter().map(|header| header.name.as_str());
        self.file.get(name).ok_or_else(|| {
            let problem = Problem::unknown("header", name, known);
            Problem { message: format!("no header {name}"), ..problem }
        })
    }

    fn reals(&self, name: &str) -> Result<&Reals, Problem> {
        let reals = self.header(name)?.as_reals();
        reals.ok_or_else(|| Problem::new(format!("header {name} does not hold reals")))
    }

    /// Whether the file has a header.
    pub(super) fn has(&self, name: &str) -> bool {
        self.file.get(name).is_some()
    }

    /// The number of dimensions.
    pub(super) fn rank(&self, name: &str) -> Result<usize, Problem> {
        Ok(self.reals(name)?.dimensions.len())
    }

    /// The elements along a dimension.
    pub(super) fn names(&self, name: &str, dimension: usize) -> Result<Names, Problem> {
        match self.reals(name)?.dimensions.get(dimension) {
            Some(Dimension { elements: Elements::Known(names), .. }) => Names::new(names.iter().cloned())
                .map_err(|twice| Problem::new(format!("header {name}: element {twice} stands twice"))),
            _ => Err(Problem::new(format!("header {name} does not say the elements of dimension {}", dimension + 1))),
        }
    }

    /// The array with its indices in the order of `names`.
    fn read(&self, name: &str, names: &[&Names]) -> Result<ArrayD<f64>, Problem> {
        let reals = self.reals(name)?;
        if reals.dimensions.len() != names.len() {
            let (found, expected) = (reals.dimensions.len(), names.len());
            return Err(Problem::new(format!("header {name} has {found} dimensions, expected {expected}")));
        }
        let mut array = self.header(name)?.array()?;
        for (axis, (dimension, names)) in reals.dimensions.iter().zip(names).enumerate() {
            let places = places(dimension, names)
                .map_err(|problem| Problem { message: format!("header {name}: {}", problem.message), ..problem })?;
            if let Some(places) = places {
                array = array.select(Axis(axis), &places);
            }
        }
        if array.iter().any(|value| !value.is_finite()) {
            return Err(Problem::new(format!("header {name}: a value is not finite")));
        }
        Ok(array)
    }

    pub(super) fn read1(&self, name: &str, names: [&Names; 1]) -> Result<Array1<f64>, Problem> {
        self.read(name, &names)?.into_dimensionality::<Ix1>().map_err(|error| shape(name, &error))
    }

    pub(super) fn read2(&self, name: &str, names: [&Names; 2]) -> Result<Array2<f64>, Problem> {
        self.read(name, &names)?.into_dimensionality::<Ix2>().map_err(|error| shape(name, &error))
    }

    pub(super) fn read3(&self, name: &str, names: [&Names; 3]) -> Result<Array3<f64>, Problem> {
        self.read(name, &names)?.into_dimensionality::<Ix3>().map_err(|error| shape(name, &error))
    }

    pub(super) fn read4(&self, name: &str, names: [&Names; 4]) -> Result<Array4<f64>, Problem> {
        self.read(name, &names)?.into_dimensionality::<Ix4>().map_err(|error| shape(name, &error))
    }
}

fn shape(name: &str, error: &ndarray::ShapeError) -> Problem {
    Problem::new(format!("header {name}: {error}"))
}

/// Where each of the names stands along a dimension; `None` if it is in order already.
fn places(dimension: &Dimension, names: &Names) -> Result<Option<Vec<usize>>, Problem> {
    let wrong_size =
        || Problem::new(format!("set {} has {} elements, expected {}", dimension.set, dimension.size, names.len()));
    let Elements::Known(elements) = &dimension.elements else {
        return if dimension.size == names.len() { Ok(None) } else { Err(wrong_size()) };
    };
    if elements.as_slice() == names.as_slice() {
        return Ok(None);
    }
    let own = Names::new(elements.iter().cloned())
        .map_err(|twice| Problem::new(format!("element {twice} of set {} stands twice", dimension.set)))?;
    let find = |name| {
        own.index(name).ok_or_else(|| {
            let problem = Problem::unknown("element", name, own.iter());
            Problem { message: format!("set {} has no element {name}", dimension.set), ..problem }
        })
    };
    let places = names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    if own.len() == names.len() { Ok(Some(places)) } else { Err(wrong_size()) }
}
