import json

from django.contrib.staticfiles import finders

from kpiproject.templatetags import charts


def test_as_json_cannot_end_the_element_it_stands_in():
    value = {"title": "</script><!-- & é"}
    text = charts.as_json(value)
    assert not set(text) & set("<>&")
    assert json.loads(text) == value


def test_charts_need_no_script_where_none_was_built():
    assert finders.find("kpiproject/vega.js") is None
    assert charts.chart_scripts() == []


def test_charts_are_drawn_by_the_scripts_where_they_were_built(settings, tmp_path):
    file = tmp_path / "built" / "kpiproject" / "vega.js"
    file.parent.mkdir(parents=True)
    file.write_text("")
    settings.STATICFILES_DIRS = [tmp_path / "built"]
    assert charts.chart_scripts() == ["/static/kpiproject/vega.js", "/static/kpiproject/charts.js"]
