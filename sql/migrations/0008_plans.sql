-- The bills of one client since a day, and their revenue, are found in one index. Without the revenue in it,
-- PostgreSQL took the index by date, which has it, and read the bills of every client since that day.
drop index zixly.financials_by_client;
create index financials_by_client on zixly.financials (tenant_id, client_kpi_id, record_date) include (revenue);

-- Reports read the indexes alone where VACUUM has seen the rows. By default it comes when a fifth of a table is
-- new, so that a table of a million records reads 200,000 twice until then.
do $$
declare
  filled text;
begin
  foreach filled in array array['financials', 'financial_months', 'lead_events', 'custom_metrics'] loop
    execute format(
      'alter table zixly.%I set (autovacuum_vacuum_insert_scale_factor = 0.02, '
      'autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02)', filled);
  end loop;
end
$$;
