"""Uploads that end when they are too large, instead of filling the disk first."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload


class LimitedUpload(FileUploadHandler):
    """Put it before the other handlers. What comes after the limit is read and thrown away, so that the browser gets
    an answer with a sentence and no broken connection."""

    is_exceeded = False
    _received = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self._received += len(raw_data)
        if self._received > settings.IMPORT_MAX_BYTES:
            self.is_exceeded = True
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> "UploadedFile[bytes] | None":
        return None
