-- The foreign key of a prime cost two thirds of inserting it: a query of its own for every row. Primes come only in the transaction that inserts
-- their batch, whose foreign key stands; when a batch is deleted its primes go with it, as before, now once for the whole statement.
ALTER TABLE prime_numbers DROP CONSTRAINT prime_numbers_request_id_batch_fkey;

CREATE FUNCTION delete_primes_of_batches() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM prime_numbers p USING gone WHERE p.request_id = gone.request_id AND p.batch = gone.number;
    RETURN NULL;
END
$$;

CREATE TRIGGER batches_take_their_primes_along AFTER DELETE ON batches
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION delete_primes_of_batches();
