"""Ofsted's Annex A workbooks."""
