"""The pages of somebody at a school or health body who was invited to one case, and sees nothing else."""
