"""Sounds as files, and what is heard in them: examples, laws, messages."""

from __future__ import annotations

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import minitf as tf
from minitf.errors import InvalidArgumentError
from minitf.ops.audio.features import audio_spectrogram_op, mfcc_op
from minitf.ops.audio.wav import decode_wav_op, encode_wav_op
from minitf.ops.strings.arrays import strings

RATE = np.int32(8000)


def tone(hertz, seconds=0.1):
    return np.sin(2 * np.pi * hertz / RATE * np.arange(seconds * RATE))[:, None].astype(np.float32)


def spectrogram(sound, **attrs):
    given = {"window_size": 256, "stride": 128, "magnitude_squared": True, **attrs}
    return audio_spectrogram_op.body(sound, **given)


def wav(bits=16, kind=1, rate=8000, per_second=16000, frame=2, more=b"", data=b"\0\x40"):
    head = struct.pack("<IHHIIHH", 16, kind, 1, rate, per_second, frame, bits)
    return b"RIFF\0\0\0\0WAVEfmt " + head + more + b"data" + struct.pack("<I", len(data)) + data


def decoded(contents, **attrs):
    given = {"desired_channels": -1, "desired_samples": -1, **attrs}
    return decode_wav_op.body(strings([contents], ()), **given)


@given(st.lists(st.integers(-(2**15), 2**15 - 1), min_size=2, max_size=9))
def test_samples_survive_being_a_file(numbers):
    sound = np.array(numbers, np.float32)[: len(numbers) // 2 * 2].reshape(-1, 2) / 2**15
    found, rate = decoded(encode_wav_op.body(sound, RATE).item())

    assert rate == RATE
    np.testing.assert_array_equal(found, sound)


def test_channels_and_samples_beyond_those_of_the_file_are_made_up():
    contents = wav(data=struct.pack("<2h", 2**14, -(2**13)))

    assert decoded(contents)[0].tolist() == [[0.5], [-0.25]]
    assert decoded(contents, desired_channels=2)[0].tolist() == [[0.5, 0.5], [-0.25, -0.25]]
    assert decoded(contents, desired_samples=1)[0].tolist() == [[0.5]]
    assert decoded(contents, desired_samples=3)[0].tolist() == [[0.5], [-0.25], [0]]


def test_chunks_that_are_unknown_are_passed_over():
    assert decoded(wav(more=b"LIST\3\0\0\0abc\0"))[0].tolist() == [[0.5]]


@pytest.mark.parametrize(
    ("contents", "message"),
    [
        (b"", "Data too short"),
        (b"RIFX" + wav()[4:], "Header mismatch: Expected RIFF but found RIFX"),
        (wav(kind=3), "Bad audio format for WAV: Expected 1"),
        (wav(bits=8), "Can only read 16-bit WAV files, but received 8"),
        (wav(per_second=9), "Bad bytes per second in WAV header: Expected 16000 but got 9"),
        (wav(frame=4), "Bad bytes per frame in WAV header: Expected 2 but got 4"),
        (wav()[:36], "No data chunk found"),
        (wav()[:-1], "Data too short"),
    ],
)
def test_what_is_no_file_of_16_bit_samples_is_refused(contents, message):
    with pytest.raises(InvalidArgumentError, match=message):
        decoded(contents)


def test_a_tone_is_loudest_at_its_frequency():
    found = spectrogram(tone(1000))

    assert found.shape == (1, 1 + (800 - 256) // 128, 129)
    assert (found[0].argmax(axis=-1) == 1000 * 256 // RATE).all()
    plain = spectrogram(tone(1000), magnitude_squared=False)
    np.testing.assert_allclose(plain**2, found, rtol=1e-5, atol=1e-6)


def test_a_window_is_filled_up_to_a_power_of_two():
    assert spectrogram(tone(500), window_size=100).shape[-1] == 65
    assert spectrogram(tone(500)[:50], window_size=100).shape == (1, 0, 65)


def test_louder_sounds_change_the_first_coefficient_alone():
    given = {
        "upper_frequency_limit": 4000.0,
        "lower_frequency_limit": 20.0,
        "filterbank_channel_count": 10,
        "dct_coefficient_count": 5,
    }
    noise = np.random.RandomState(0).normal(size=[400, 1]).astype(np.float32)
    soft, loud = (mfcc_op.body(spectrogram(k * noise), RATE, **given) for k in (1, 10))

    assert soft.shape == (1, 2, 5)
    np.testing.assert_allclose(loud[..., 1:], soft[..., 1:], atol=1e-4)
    np.testing.assert_allclose(loud[..., 0] - soft[..., 0], np.log(10) * np.sqrt(20), rtol=1e-4)
    with pytest.raises(InvalidArgumentError, match="Mfcc initialization failed"):
        mfcc_op.body(spectrogram(noise), RATE, **{**given, "dct_coefficient_count": 11})


def test_public_functions_know_their_shapes():
    with tf.Graph().as_default(), tf.Session() as session:
        contents = tf.audio.encode_wav(tone(440), RATE)
        sound, rate = tf.audio.decode_wav(contents, desired_channels=1, desired_samples=300)
        loud = tf.raw_ops.AudioSpectrogram(
            input=sound, window_size=100, stride=50, magnitude_squared=True
        )
        found = tf.raw_ops.Mfcc(spectrogram=loud, sample_rate=rate)

        assert (sound.shape.as_list(), rate.shape.as_list()) == ([300, 1], [])
        assert (loud.shape.as_list(), found.shape.as_list()) == ([1, 5, 65], [1, 5, 13])
        assert session.run(found).shape == (1, 5, 13)
        with pytest.raises(ValueError, match="window size must be > 1"):
            tf.raw_ops.AudioSpectrogram(input=sound, window_size=1, stride=1)
        with pytest.raises(ValueError, match="samples must be non-negative"):
            tf.audio.decode_wav(contents, desired_samples=-2)
