"""tf.signal builds TensorFlow's graphs, or computes its results; its messages."""

from __future__ import annotations

import numpy as np
import pytest
from same_graph import assert_same_graph, assert_same_results, fed

import minitf

RNG = np.random.default_rng(5)
X = RNG.standard_normal((3, 4, 6), np.float32)
Z = (X + 1j * X[::-1]).astype(np.complex64)
SIGNAL = RNG.standard_normal((2, 23), np.float32)
FRAMES = RNG.standard_normal((2, 5, 6), np.float32)
COMPLEX = ["fft", "ifft", "fft2d", "ifft2d", "fft3d", "ifft3d"]


def unknown(tf):
    return tf.TensorShape(None)


def transforms():
    """Walk (name, function of the library) over known, half known and unknown sizes."""
    for shape in ([3, 4, 6], [None, 4, 6], [None, None, None], unknown):

        def of(tf, value, shape=shape):
            return fed(tf, value, shape(tf) if callable(shape) else shape)

        def named(name, shape=shape):
            return f"{name} of {'unknown rank' if callable(shape) else shape}"

        for name in COMPLEX:
            yield named(name), lambda tf, n=name, of=of: getattr(tf, n)(of(tf, Z))
        for rank, name in enumerate(["rfft", "rfft2d", "rfft3d"], 1):
            yield (
                named(f"{name} to sizes"),
                lambda tf, n=name, r=rank, of=of: getattr(tf.signal, n)(of(tf, X), [5] * r),
            )
            yield (
                named(f"i{name} to sizes"),
                lambda tf, n=f"i{name}", r=rank, of=of: getattr(tf.spectral, n)(
                    of(tf, Z), [15] * r, name="k"
                ),
            )
            yield named(name), lambda tf, n=name, of=of: getattr(tf.spectral, n)(of(tf, X))
            if not callable(shape):
                yield (
                    named(f"i{name}"),
                    lambda tf, n=f"i{name}", of=of: getattr(tf.signal, n)(of(tf, Z)),
                )
        for axes in (None, 1, -1, [0, -1]) if not callable(shape) else ():
            yield (
                named(f"fftshift along {axes}"),
                lambda tf, x=axes, of=of: tf.signal.ifftshift(tf.signal.fftshift(of(tf, X), x), x),
            )


def cosine_transforms():
    for kind, norm in [(1, None), (2, None), (2, "ortho"), (3, None), (3, "ortho")]:
        for shape in ([3, 4, 6], [None, None, 6]):
            yield (
                f"dct {kind} {norm} of {shape}",
                lambda tf, k=kind, n=norm, s=shape: tf.signal.dct(fed(tf, X, s), k, norm=n),
            )
            yield (
                f"idct {kind} {norm} of {shape}",
                lambda tf, k=kind, n=norm, s=shape: tf.spectral.idct(fed(tf, X, s), k, norm=n),
            )
    for n in (4, 6, 9):
        yield f"dct of {n}", lambda tf, n=n: tf.signal.dct(fed(tf, X), n=n)


GRAPHS = dict(transforms()) | dict(cosine_transforms())


def of_signals():
    """Walk what TensorFlow computes by other operations, in pieces of frames."""
    for shape in ([2, 23], [None, None], unknown):

        def x(tf, shape=shape):
            return fed(tf, SIGNAL, shape(tf) if callable(shape) else shape)

        known = "unknown rank" if callable(shape) else shape
        for length, step in ((6, 3), (4, 4), (5, 7), (30, 3)):
            for end in (False, True):
                yield (
                    f"frame {length} {step} {end} of {known}",
                    lambda tf, a=length, b=step, e=end, x=x: tf.signal.frame(x(tf), a, b, e, 0.5),
                )
        yield f"stft of {known}", lambda tf, x=x: tf.signal.stft(x(tf), 6, 3, 16, pad_end=True)
    yield "stft", lambda tf: tf.signal.stft(fed(tf, SIGNAL), 6, 3)
    yield (
        "stft of any length",
        lambda tf: tf.signal.stft(fed(tf, SIGNAL), 6, 3, fed(tf, np.int32(16)), None),
    )
    yield "frame along rows", lambda tf: tf.signal.frame(fed(tf, SIGNAL.T), 5, 2, True, axis=0)
    for shape in ([2, 5, 6], [None, None, 6], unknown):
        for step in (2, 3, 6, 9):
            yield (
                f"overlap_and_add {step} of {'unknown rank' if callable(shape) else shape}",
                lambda tf, n=step, s=shape: tf.signal.overlap_and_add(
                    fed(tf, FRAMES, s(tf) if callable(s) else s), n
                ),
            )
    for length, size in ((6, None), (6, 16), (8, 4)):
        yield (
            f"inverse_stft {length} {size}",
            lambda tf, a=length, n=size: tf.signal.inverse_stft(
                fed(tf, Z[..., :3] if n == 4 else Z[..., :5]), a, 3, n
            ),
        )
    for window in ("hann_window", "hamming_window"):
        for length in (1, 2, 5, 8):
            for joins in (True, False):
                yield (
                    f"{window} {length} {joins}",
                    lambda tf, w=window, n=length, p=joins: getattr(tf.signal, w)(n, p),
                )
                yield (
                    f"{window} of any length, {length} {joins}",
                    lambda tf, w=window, n=length, p=joins: getattr(tf.signal, w)(
                        fed(tf, np.int32(n)), periodic=p, dtype=tf.float64
                    ),
                )
    yield "mel weights", lambda tf: tf.signal.linear_to_mel_weight_matrix()
    yield (
        "more mel weights",
        lambda tf: tf.signal.linear_to_mel_weight_matrix(
            10, 65, tf.constant(16000), 80.0, 7600.0, dtype=tf.float64
        ),
    )
    yield "mfcc", lambda tf: tf.signal.mfccs_from_log_mel_spectrograms(fed(tf, FRAMES))


RESULTS = dict(of_signals())


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", GRAPHS)
def test_the_graph_is_tensorflows(name, tensorflow):
    assert_same_graph(tensorflow, GRAPHS[name])


@pytest.mark.tensorflow
@pytest.mark.parametrize("name", RESULTS)
def test_the_results_are_tensorflows(name, tensorflow):
    assert_same_results(tensorflow, RESULTS[name])


@pytest.mark.tensorflow
def test_the_gradients_of_transforms_are_tensorflows(tensorflow):
    def make(tf):
        x, z = fed(tf, X), fed(tf, Z)
        ys = [
            tf.abs(tf.signal.rfft(x)),
            tf.abs(tf.signal.rfft2d(x)),
            tf.abs(tf.signal.stft(x, 4, 2)),
        ]
        zs = [tf.signal.irfft(z), tf.signal.irfft2d(z), tf.real(tf.ifft2d(z))]
        return [tf.gradients(y, x)[0] for y in ys] + [tf.gradients(y, z, y)[0] for y in zs]

    assert_same_results(tensorflow, make)


def test_a_signal_comes_back_but_for_its_ends():
    with minitf.Graph().as_default(), minitf.Session() as session:
        spectra = minitf.signal.stft(SIGNAL, 8, 4)
        window = minitf.signal.inverse_stft_window_fn(4)
        back = session.run(minitf.signal.inverse_stft(spectra, 8, 4, window_fn=window))

    np.testing.assert_allclose(back[:, 4:-4], SIGNAL[:, 4 : back.shape[1] - 4], atol=1e-5)


def test_what_does_not_fit_is_refused():
    x = minitf.constant(X)
    with pytest.raises(ValueError, match="RFFT requires"):
        minitf.signal.rfft(minitf.constant(Z))
    with pytest.raises(ValueError, match="IRFFT requires"):
        minitf.signal.irfft(x)
    with pytest.raises(ValueError, match="must have rank at least 2"):
        minitf.signal.rfft2d([1.0])
    with pytest.raises(NotImplementedError, match="axis must be -1"):
        minitf.signal.dct(x, axis=0)
    with pytest.raises(ValueError, match="n should be a positive integer or None"):
        minitf.signal.dct(x, n=0)
    with pytest.raises(ValueError, match="Only Types I, II and III"):
        minitf.signal.dct(x, type=4)
    with pytest.raises(ValueError, match="Normalization is not supported for the Type-I DCT"):
        minitf.signal.dct(x, type=1, norm="ortho")
    with pytest.raises(ValueError, match="requires the dimension to be greater than one"):
        minitf.signal.dct([1.0], type=1)
    with pytest.raises(ValueError, match="Unknown normalization"):
        minitf.signal.dct(x, norm="unit")
    with pytest.raises(ValueError, match="dtype must be a floating point type"):
        minitf.signal.hann_window(4, dtype=minitf.int32)
    with pytest.raises(ValueError, match="frame_step must be an integer"):
        minitf.signal.overlap_and_add(x, 1.5)
    with pytest.raises(ValueError, match="frame_length must be a scalar"):
        minitf.signal.frame(x, [2], 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), "num_mel_bins must be positive. Got: 0"),
        ((20, 129, 8000, -1.0), "lower_edge_hertz must be non-negative"),
        ((20, 129, 8000, 400.0, 300.0), "lower_edge_hertz 400.0 >= upper_edge_hertz 300.0"),
        ((20, 129, 0), "sample_rate must be positive"),
        ((20, 129, 8000, 125.0, 4001.0), "must not be larger than the Nyquist frequency"),
        ((20, 129, 8000, 125.0, 3800.0, "int32"), "dtype must be a floating point type"),
    ],
)
def test_frequencies_out_of_order_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message.replace(".", r"\.")):
        minitf.signal.linear_to_mel_weight_matrix(*arguments)


def test_no_mel_bands_have_no_coefficients():
    with pytest.raises(ValueError, match="num_mel_bins must be positive"):
        minitf.signal.mfccs_from_log_mel_spectrograms(minitf.ones([2, 0]))
