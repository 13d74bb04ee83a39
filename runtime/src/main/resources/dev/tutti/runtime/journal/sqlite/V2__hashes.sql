-- Over all other columns of the row, so that damage is found when it is read; null in rows of earlier versions.
ALTER TABLE message ADD COLUMN hash BLOB;
ALTER TABLE projection_row ADD COLUMN hash BLOB;
