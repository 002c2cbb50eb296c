"""Rules of the diagnosis: each looks at a case and either tells its story or passes."""
