# Astronomer's image, for `astro dev start` and `astro deploy`. It installs packages.txt and
# requirements.txt and copies the project by itself. The tag is a release of Airflow 3.3 on one of
# the Pythons that the lock is for; a plain `3.3-8` would be Python 3.14.
# For any other container, see deploy/Dockerfile; docs/deploy.md tells which is for what.
FROM astrocrpublic.azurecr.io/runtime:3.3-8-python-3.12

# One process a core with one thread each is faster than all of them with a thread for every core.
ENV OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 MKL_NUM_THREADS=1
