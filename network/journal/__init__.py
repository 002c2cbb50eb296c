"""What each toxic did to which connection, and when: the evidence of the network itself."""
