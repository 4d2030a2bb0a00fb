"""A council's colours."""

import pytest

from parley.web.brand import Brand, BrandInvalid, contrast, contrast_problems


def test_black_on_white_has_the_greatest_contrast() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_contrast_does_not_depend_on_the_order() -> None:
    assert contrast("#1d70b8", "#ffffff") == contrast("#ffffff", "#1d70b8")


@pytest.mark.parametrize(("grey", "ratio"), [("#767676", 4.54), ("#777777", 4.48), ("#949494", 3.03)])
def test_contrast_agrees_with_published_greys_on_white(grey: str, ratio: float) -> None:
    assert contrast(grey, "#ffffff") == pytest.approx(ratio, abs=0.01)


def test_parleys_own_colours_can_be_read() -> None:
    assert contrast_problems(Brand()) == ()


def test_what_a_council_leaves_out_keeps_its_default() -> None:
    brand = Brand.of({"masthead": "#00505C"})
    assert brand.masthead == "#00505c"
    assert brand.link == Brand().link


def test_pale_words_on_a_pale_band_are_refused_with_the_ratio_and_the_need() -> None:
    with pytest.raises(BrandInvalid, match=r"masthead_text on masthead has a contrast of 1\.\d to 1 and needs 4\.5"):
        Brand.of({"masthead": "#eeeeee"})


def test_links_must_be_readable_on_the_palest_surface_they_stand_on() -> None:
    with pytest.raises(BrandInvalid, match="link on the page"):
        Brand.of({"link": "#767676"})  # enough on white, too little on the footer


@pytest.mark.parametrize("value", ["red", "#fff", "#12345g", "1d70b8", "#1d70b8;}", 7])
def test_only_six_digit_colours_are_taken_so_nothing_else_reaches_a_style_sheet(value: object) -> None:
    with pytest.raises(BrandInvalid, match="must be a colour"):
        Brand.of({"masthead": value})


def test_an_unknown_colour_is_named() -> None:
    with pytest.raises(BrandInvalid, match="logo is not a colour of a brand"):
        Brand.of({"logo": "#000000"})


def test_the_digest_changes_with_the_colours() -> None:
    assert Brand.of({"accent": "#000000"}).digest != Brand().digest
    assert Brand.of({"accent": Brand().accent}).digest == Brand().digest
