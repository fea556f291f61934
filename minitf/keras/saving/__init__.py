"""Files of models: their layers as JSON, their weights in HDF5."""
