-- Metrics.

-- A new metric gets a symbol for formulas, made from its name: `billable_hours`, or `billable_hours_2` if there is
-- one. A name without Latin letters is `metric`. Two people who define metrics of one name at the same moment get
-- one symbol, and the second is refused by its uniqueness.
create or replace function app_private.make_symbol() returns trigger
  language plpgsql volatile set search_path = pg_catalog, pg_temp
as $$
declare
  word   text := trim('_' from left(regexp_replace(lower(new.metric_name), '[^a-z0-9]+', '_', 'g'), 45));
  number integer := 1;
begin
  if word !~ '^[a-z]' or word in ('revenue', 'expenses', 'profit') then
    word := rtrim('metric_' || word, '_');
  end if;
  new.symbol := word;
  while exists (select from zixly.metric_definitions as d
                where d.tenant_id = new.tenant_id and d.symbol = new.symbol) loop
    number := number + 1;
    new.symbol := word || '_' || number;
  end loop;
  return new;
end
$$;
