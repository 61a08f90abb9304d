"""What word lists say of single words: VADER's valence and TextBlob's polarity, as columns of the table."""

import numpy as np
from textblob.en import sentiment as textblob_words
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

COLUMNS = ("lexicon:valence", "lexicon:good", "lexicon:bad", "lexicon:polarity")


def lexicons() -> dict[str, np.ndarray]:
    """Word -> valence, its positive part, its negative part, polarity; 0 where a list does not know the word."""
    analyser = SentimentIntensityAnalyzer()
    valence: dict[str, float] = dict(analyser.lexicon)
    for sign, name in analyser.emojis.items():
        valence[sign] = sum(valence.get(word, 0.0) for word in name.split())
    textblob_words.load()
    polarity = {word: _polarity(said) for word, said in dict.items(textblob_words)}
    return {
        word: np.array([v := valence.get(word, 0.0), max(v, 0.0), max(-v, 0.0), polarity.get(word, 0.0)], np.float32)
        for word in {*valence, *polarity}
        if "\n" not in word
    }


def _polarity(said: object) -> float:
    """TextBlob keeps polarity, subjectivity and intensity by part of speech; None stands for all of them."""
    told = said[None] if isinstance(said, dict) else said
    return float(told[0])  # type: ignore[index]  # the library ships no types
