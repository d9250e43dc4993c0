"""What earlier runs found out changes how long a run takes and nothing else."""
