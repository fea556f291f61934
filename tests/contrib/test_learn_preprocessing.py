"""tf.contrib.learn.preprocessing: documents and categories as numbers."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

import minitf as tf

learn = tf.contrib.learn.preprocessing


def test_words_are_numbered_as_they_come():
    processor = learn.VocabularyProcessor(4)
    found = np.array(list(processor.fit_transform(["to be or", "not to be, that's it"])))

    assert found.tolist() == [[1, 2, 3, 0], [4, 1, 2, 5]]
    assert found.dtype == np.int64
    assert len(processor.vocabulary_) == 7
    assert next(processor.transform(["be new"])).tolist() == [2, 0, 0, 0]
    assert list(processor.reverse(found[1:])) == ["not to be that's"]


def test_rare_words_are_unknown_and_the_others_ranked():
    processor = learn.VocabularyProcessor(3, min_frequency=1)
    processor.fit(["b a c", "a b", "a"])

    assert [processor.vocabulary_.get(word) for word in "abc"] == [1, 2, 0]


def test_words_are_split_as_tensorflow_does():
    words = next(learn.tokenizer(["HTMLParser readsFooBar it's a-b x_1, ABC."]))

    assert words == ["HTML", "Parser", "readsFooBar", "it's", "a-b", "x_1", "ABC"]


def test_a_processor_is_restored_as_it_was_saved(tmp_path):
    path = tmp_path / "vocab"
    processor = learn.VocabularyProcessor(4, min_frequency=1)
    processor.fit(["to be", "to do", "é to be"])
    processor.save(path)
    restored = learn.VocabularyProcessor.restore(path)
    text = ["be é to new"]

    assert [each.tolist() for each in restored.transform(text)] == [
        each.tolist() for each in processor.transform(text)
    ]
    assert restored.max_document_length == 4
    assert restored.vocabulary_.content() == processor.vocabulary_.content()


def test_a_tokenizer_of_its_own_is_given_again(tmp_path):
    def split(documents):
        return (document.split(",") for document in documents)

    processor = learn.VocabularyProcessor(2, tokenizer_fn=split)
    processor.fit(["to be,or"])
    processor.save(tmp_path / "vocab")
    with pytest.raises(ValueError, match="with a tokenizer_fn of its own, split"):
        learn.VocabularyProcessor.restore(tmp_path / "vocab")
    restored = learn.VocabularyProcessor.restore(tmp_path / "vocab", split)

    assert next(restored.transform(["or,to be"])).tolist() == [2, 1]


def test_pickled_files_are_refused(tmp_path):
    path = tmp_path / "vocab"
    path.write_bytes(pickle.dumps({"any": "thing"}))
    with pytest.raises(ValueError, match="pickled files are not read"):
        learn.VocabularyProcessor.restore(path)


def test_bytes_go_there_and_back():
    processor = learn.ByteProcessor(max_document_length=4)
    found = list(processor.fit_transform(["é!", b"abcdef"]))

    assert [each.tolist() for each in found] == [[195, 169, 33, 0], [97, 98, 99, 100]]
    assert found[0].dtype == np.uint8
    assert list(processor.reverse(found)) == ["é!", "abcd"]
    assert list(processor.reverse([np.array([195, 0])])) == [""]


def test_columns_have_vocabularies_of_their_own_or_one():
    rows = [["0", "Male"], ["a", "Female"], ["0", float("nan")]]
    own = learn.CategoricalProcessor()
    shared = learn.CategoricalProcessor(share=True)

    assert [each.tolist() for each in own.fit_transform(rows)] == [[1, 1], [2, 2], [1, 0]]
    assert [each.tolist() for each in shared.fit_transform(rows)] == [[1, 2], [3, 4], [1, 0]]
    assert [each.tolist() for each in own.transform([["b", "Male"]])] == [[0, 1]]


def test_a_vocabulary_trims_and_freezes():
    words = learn.CategoricalVocabulary()
    for word, count in (("a", 5), ("b", 1), ("c", 3), ("d", 3)):
        words.add(word, count)
    words.trim(1, 5)

    assert [words.get(word) for word in "cd"] == [1, 2]
    words.freeze()
    assert words.get("a") == 0
    words.freeze(False)
    assert words.get("a") == 3
    assert words.reverse(2) == "d"
    with pytest.raises(ValueError, match="support_reverse"):
        learn.CategoricalVocabulary(support_reverse=False).reverse(0)


def test_modes_are_those_of_estimators():
    old, new = tf.contrib.learn.ModeKeys, tf.estimator.ModeKeys

    assert (old.TRAIN, old.EVAL, old.INFER) == (new.TRAIN, new.EVAL, new.PREDICT)
