"""Pairs of 1×1s: scikit-learn's principal components and NumPy's least squares are the referees."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from lib.convolution import as_1x1, pointwise
from lib.reduction import best_pair, covariance, random_pair, variance_kept


@pytest.fixture
def maps():
    rng = np.random.default_rng(0)
    return np.einsum("ij,jhw->ihw", rng.normal(size=(6, 6)), rng.normal(size=(6, 7, 9))) + 3


def test_the_covariance_is_that_of_the_columns_and_adds_up_to_one(maps):
    table = covariance(maps)
    np.testing.assert_allclose(table, np.cov(maps.reshape(6, -1)) / np.cov(maps.reshape(6, -1)).trace())
    np.testing.assert_allclose(covariance(maps.reshape(6, 3, 3, 7)), table)
    np.testing.assert_allclose(covariance(maps[:1]), [[1]])


def test_the_best_pair_is_principal_component_analysis(maps):
    columns, table = maps.reshape(6, -1).T, covariance(maps)
    for width in range(1, 7):
        pca = PCA(width).fit(columns)
        pair, mean = best_pair(table, width), columns.mean(0)
        restored = pca.inverse_transform(pca.transform(columns))
        np.testing.assert_allclose(mean + (columns - mean) @ pair.T, restored)
        np.testing.assert_allclose(variance_kept(table, pair), 100 * pca.explained_variance_ratio_.sum())
        bias = mean - pair @ mean  # as one 1×1 with a bias
        np.testing.assert_allclose(pointwise(maps, as_1x1(pair), bias).reshape(6, -1).T, restored)


def test_a_random_reduction_gets_its_best_restoration(maps):
    columns, table = maps.reshape(6, -1), covariance(maps)
    columns = columns - columns.mean(1, keepdims=True)
    for width in range(1, 7):
        mix = np.random.default_rng(width).normal(size=(width, 6))
        small = mix @ columns
        back, *_ = np.linalg.lstsq(small.T, columns.T, rcond=None)
        pair = random_pair(table, width, np.random.default_rng(width))
        np.testing.assert_allclose(pair, back.T @ mix, atol=1e-9)
        lost = ((columns - pair @ columns) ** 2).sum() / (columns**2).sum()
        np.testing.assert_allclose(variance_kept(table, pair), 100 - 100 * lost, atol=1e-9)
        assert variance_kept(table, pair) <= variance_kept(table, best_pair(table, width)) + 1e-9


def test_what_is_no_table_is_refused(maps):
    table = covariance(maps)
    for call, message in (
        (lambda: covariance(np.ones((2, 3, 4))), "maps: expected some that vary, got 2 that are constant"),
        (lambda: covariance(np.ones((2, 1, 1))), r"maps: expected at least two pixels .*got shape \(2, 1, 1\)"),
        (lambda: covariance([[[1, np.nan]]]), "maps: expected at least two pixels of finite numbers"),
        (lambda: best_pair(table[:3], 1), r"table: expected finite numbers .*got shape \(3, 6\)"),
        (lambda: best_pair(table, 7), "width: expected at most 6, the channels of table, got 7"),
        (lambda: random_pair(table, 7, np.random.default_rng(0)), "width: expected at most 6"),
        (lambda: variance_kept(table, np.eye(5)), r"pair: expected the shape of table, \(6, 6\), got \(5, 5\)"),
        (lambda: variance_kept(table, np.full((6, 6), np.inf)), "pair: expected finite numbers"),
    ):
        with pytest.raises(ValueError, match=message):
            call()
    with pytest.raises(TypeError, match=r"rng: expected a numpy\.random\.Generator, got 3"):
        random_pair(table, 2, 3)
