"""简报: look at the meeting brief, choose its kind and parts, write its two free paragraphs, take it along."""

import streamlit as st

from dashboard import canvas, shell
from dashboard.brief import form
from dashboard.brief.compose import SECTIONS
from dashboard.brief.make import preview
from dashboard.brief.request import VARIANTS, places_for, variants_for
from dashboard.brief.write.preview import fragment

with shell.page(right="brief") as ground:
    policy, gate = ground.policy, ground.gate
    with st.container(key="tk_choose", horizontal=True, gap="small"):
        ground = ground.choose("variant", "简报种类", variants_for(gate.viewer), "city")
        variant = VARIANTS[ground.view.variant]
        if variant.id == "unit":
            places = places_for(gate.viewer, policy)
            ground = ground.choose("unit", "县市区", places, next(iter(places)))
        if variant.id == "indicator":
            names = {item.id: item.name for item in policy.indicators}
            ground = ground.choose("indicator", "指标", names, ground.view.indicator)
    with st.container(key="tk_brief"):
        with st.container(key="tk_brief_form"):
            titles = {name: SECTIONS[name][0] for name in variant.sections}
            ground = ground.several("sections", "部分", titles, "全部；也可只选几部分")
            request = form.ask(policy, ground.view)
            form.take(gate, policy, request)
        canvas.show(fragment(preview(gate, policy, request)), key="tk_preview")
