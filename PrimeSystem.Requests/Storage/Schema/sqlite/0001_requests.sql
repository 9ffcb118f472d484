-- A request and all that its flow needs to know.
CREATE TABLE requests (
    id              text        PRIMARY KEY,
    quantity        integer     NOT NULL CHECK (quantity >= 1),
    digits          integer     NOT NULL CHECK (digits >= 1),
    status          text        NOT NULL CHECK (status IN ('pending', 'processing', 'completed', 'failed', 'cancelled')),
    generated_count integer     NOT NULL DEFAULT 0 CHECK (generated_count BETWEEN 0 AND quantity),
    batch_size      integer     NOT NULL CHECK (batch_size >= 1),
    batch_count     integer     NOT NULL CHECK (batch_count >= 1),
    "window"        integer     NOT NULL CHECK ("window" >= 1),
    dispatched_at   text,
    seen_at         text,
    sweeps          integer     NOT NULL DEFAULT 0,
    failure         text,
    owner           text,
    purged_at       text,
    created_at      text NOT NULL,
    updated_at      text NOT NULL,
    CHECK ((status = 'completed') = (generated_count = quantity) OR status IN ('failed', 'cancelled'))
);

CREATE INDEX requests_by_status ON requests (status, id);
CREATE INDEX requests_undispatched ON requests (id) WHERE dispatched_at IS NULL AND status IN ('pending', 'processing');
CREATE INDEX requests_purged ON requests (id) WHERE purged_at IS NOT NULL;

-- One row per finished batch. "first" is set in the same transaction, once the request's row is locked; it gives its primes their positions.
CREATE TABLE batches (
    request_id   text        NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    number       integer     NOT NULL,
    first        integer,
    count        integer     NOT NULL CHECK (count >= 1),
    completed_at text NOT NULL,
    PRIMARY KEY (request_id, number)
);

CREATE INDEX batches_by_position ON batches (request_id, first);

-- Unique over a digest, as in PostgreSQL.
CREATE TABLE prime_numbers (
    request_id  text    NOT NULL,
    batch       integer NOT NULL,
    "index"     integer NOT NULL,
    prime_value text    NOT NULL,
    digest      blob    NOT NULL CHECK (length(digest) = 32),
    PRIMARY KEY (request_id, batch, "index"),
    UNIQUE (request_id, digest),
    FOREIGN KEY (request_id, batch) REFERENCES batches (request_id, number) ON DELETE CASCADE
);

CREATE TABLE idempotency_keys (
    owner      text        NOT NULL,
    key        text        NOT NULL,
    body_hash  blob        NOT NULL,
    request_id text        NOT NULL REFERENCES requests (id) ON DELETE CASCADE,
    created_at text NOT NULL,
    PRIMARY KEY (owner, key)
);

CREATE INDEX idempotency_keys_by_request ON idempotency_keys (request_id);
