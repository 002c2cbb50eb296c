"""The course: chapters, predictions, quiz, mystery; it meets the lab over HTTP, as a page does."""
