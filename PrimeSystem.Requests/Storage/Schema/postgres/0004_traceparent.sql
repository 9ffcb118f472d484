-- The trace that a request was accepted in (W3C trace context), where somebody records it: its batches are part of it.
ALTER TABLE requests ADD COLUMN traceparent text;
