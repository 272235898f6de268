"""Between engines and views: what happens is put into what is shown."""
