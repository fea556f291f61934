# `tf.contrib.learn.preprocessing`: documents and categories turned into numbers.

from minitf.contrib.learn.preprocessing.categories import CategoricalProcessor as CategoricalProcessor
from minitf.contrib.learn.preprocessing.texts import ByteProcessor as ByteProcessor
from minitf.contrib.learn.preprocessing.texts import VocabularyProcessor as VocabularyProcessor
from minitf.contrib.learn.preprocessing.texts import tokenizer as tokenizer
from minitf.contrib.learn.preprocessing.vocabulary import CategoricalVocabulary as CategoricalVocabulary
__all__ = ['ByteProcessor', 'CategoricalProcessor', 'CategoricalVocabulary', 'VocabularyProcessor', 'tokenizer']
