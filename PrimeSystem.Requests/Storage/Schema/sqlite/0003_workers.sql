-- Processes that work batches off. Each writes its row every two seconds; a row that is older tells of a process that is gone.
CREATE TABLE workers (
    id                text             PRIMARY KEY,
    name              text             NOT NULL,
    cores             integer          NOT NULL CHECK (cores >= 1),
    consumers         integer          NOT NULL CHECK (consumers >= 1),
    busy              integer          NOT NULL CHECK (busy >= 0),
    primes_per_second real             NOT NULL CHECK (primes_per_second >= 0),
    started_at        text             NOT NULL,
    seen_at           text             NOT NULL
);
