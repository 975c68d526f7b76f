"""The way of documents from text to counts: nothing here is fitted."""
