// Package anchor finds passages of an article again after the article was edited, or says why it cannot.
//
// A passage is described as in the W3C Web Annotation Data Model (2017, https://www.w3.org/TR/annotation-model/):
// its words with some text before and after them (TextQuoteSelector, section 4.2.4), and where they stood
// (TextPositionSelector, section 4.2.5), which is only a hint. Text is normalised first (see [NewText]).
//
// The model lets a quote that fits several places mean all of them. Here it means one place or none. A reader's
// comment under the wrong sentence puts words into an author's mouth; one that says "this passage has changed"
// does not. So where two places fit alike, the answer is a refusal.
//
// Passages of one text that are looked for together ([Text.FindAll]) help one another: those that are certain by
// themselves tell how far the text around them has moved, and so which of several places alike is meant.
package anchor
