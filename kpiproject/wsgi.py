"""What the web server loads."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kpiproject.settings")
application = get_wsgi_application()

# What is loaded by now stays for good: looking through all of it for garbage took 90 ms now and then.
gc.collect()
gc.freeze()
