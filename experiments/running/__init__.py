"""Running a study: jobs, engines, crash-safe parts on disk, when to stop."""
