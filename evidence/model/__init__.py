"""What the evidence of any system is made of: records, calls, perspectives, sentences, proofs."""
