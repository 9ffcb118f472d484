-- A user's own requests, the newest first.
CREATE INDEX requests_by_owner ON requests (owner, id);

-- Keys are forgotten by age.
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);

-- How far ahead of time an account has had its work, as in PostgreSQL.
CREATE TABLE work_budgets (
    account    text    PRIMARY KEY,
    paid_until integer NOT NULL
);
