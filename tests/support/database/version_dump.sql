-- What a dump of a version holds: a few rows of every table, the same at every run. A new table needs
-- rows here before its version is dumped. Triggers are off, so sums and trail are written out; the
-- key, hashes and secrets are dummies.
set local session_replication_role = replica;
set local time zone 'UTC';

insert into zixly.tenants (id, name, industry, reporting_currency, second_factor_required) values
  ('zixly-org-001', 'Zixly', 'Consulting', 'AUD', false),
  ('abc-org-001', 'ABC Construction', null, 'NZD', true);
insert into zixly.users (tenant_id, id, email, full_name, role, status, password_hash) values
  ('zixly-org-001', 'user_cole', 'cole@zixly.com.au', 'Cole', 'ADMIN', 'ACTIVE', '$2b$12$dummy'),
  ('zixly-org-001', 'user_support', 'support@zixly.com.au', 'Support', 'EDITOR', 'ACTIVE', '$2b$12$dummy'),
  ('zixly-org-001', 'user_vera', 'vera@zixly.com.au', 'Vera', 'VIEWER', 'INACTIVE', null),
  ('abc-org-001', 'user_sarah', 'sarah@abcconstruction.com.au', 'Sarah', 'ADMIN', 'ACTIVE', '$2b$12$dummy');
insert into zixly.sessions (tenant_id, id, user_id, secret_hash, kind, address, user_agent, idle_limit, expires_at)
values ('zixly-org-001', 'ses_cole', 'user_cole', decode(repeat('00', 32), 'hex'), 'BROWSER', '192.0.2.1',
        'Firefox', '12 hours', now());
insert into zixly.password_resets (tenant_id, id, user_id, token_hash) values
  ('zixly-org-001', 'pwr_vera', 'user_vera', decode(repeat('01', 32), 'hex'));
insert into zixly.second_factors (tenant_id, id, user_id, secret, last_step, recovery_hashes, confirmed_at) values
  ('abc-org-001', '2fa_sarah', 'user_sarah', 'DUMMY', 1, array[decode(repeat('02', 32), 'hex')], now());
insert into zixly.invitations (tenant_id, id, email, role, token_hash, invited_by) values
  ('abc-org-001', 'inv_mike', 'mike@abcconstruction.com.au', 'VIEWER', decode(repeat('03', 32), 'hex'), 'user_sarah');
insert into zixly.integrations (tenant_id, id, kind, credentials) values
  ('zixly-org-001', 'int_xero', 'XERO', decode('00', 'hex'));

insert into zixly.client_kpis (tenant_id, id, client_id, client_name, industry, currency, status) values
  ('zixly-org-001', 'ckpi_harbor', 'HBC-2024-001', 'Harbor Bridge Construction', 'Construction', 'AUD', 'ACTIVE'),
  ('zixly-org-001', 'ckpi_otago', 'OTG-2024-002', 'Otago Wines', null, 'NZD', 'COMPLETED'),
  ('abc-org-001', 'ckpi_abc', 'HBC-2024-001', 'Harbor Bridge Renovation', null, 'NZD', 'ACTIVE');
insert into zixly.financials
  (tenant_id, id, client_kpi_id, record_date, revenue, expenses, source_system, external_id, note) values
  ('zixly-org-001', 'fin_1', 'ckpi_harbor', '2024-01-31', 15000.10, 8000.05, 'manual', null, null),
  ('zixly-org-001', 'fin_2', 'ckpi_harbor', '2024-02-29', 15000.20, 8000.00, 'csv', 'INV-2', 'Second stage'),
  ('zixly-org-001', 'fin_3', 'ckpi_harbor', '2024-02-01', -0.30, 0, 'manual', null, 'Credit note'),
  ('zixly-org-001', 'fin_4', 'ckpi_otago', '2024-03-15', 999999999999.99, 0.01, 'manual', null, null),
  ('abc-org-001', 'fin_1', 'ckpi_abc', '2024-02-01', 777000.77, 700.07, 'manual', null, null);
insert into zixly.financial_months (tenant_id, id, client_kpi_id, month, revenue, expenses, records)
select
  m.tenant_id,
  'fmo_' || m.client_kpi_id || to_char(m.month, '_YYYY_MM') as id,
  m.client_kpi_id,
  m.month,
  sum(m.revenue) as revenue,
  sum(m.expenses) as expenses,
  count(*) as records
from (
  select
    f.*,
    date_trunc('month', f.record_date::timestamp)::date as month
  from zixly.financials as f
) as m
group by m.tenant_id, m.client_kpi_id, m.month
order by m.tenant_id, m.client_kpi_id, m.month;
insert into zixly.overheads
  (tenant_id, id, record_date, currency, revenue, expenses, kind, account, counterparty, note) values
  ('zixly-org-001', 'ovh_1', '2024-02-29', 'AUD', 0, 2400.50, 'OVERHEAD', 'Rent', 'Brisbane Offices', null),
  ('zixly-org-001', 'ovh_2', '2024-02-01', 'USD', 0.30, 0, 'UNASSIGNED', null, null, 'Refund'),
  ('abc-org-001', 'ovh_1', '2024-02-01', 'NZD', 0, 700.07, 'OVERHEAD', 'Wages', null, null);
insert into zixly.overhead_months (tenant_id, id, month, currency, kind, revenue, expenses, records)
select
  m.tenant_id,
  'ovm_' || m.currency || '_' || m.kind || to_char(m.month, '_YYYY_MM') as id,
  m.month,
  m.currency,
  m.kind,
  sum(m.revenue) as revenue,
  sum(m.expenses) as expenses,
  count(*) as records
from (
  select
    o.*,
    date_trunc('month', o.record_date::timestamp)::date as month
  from zixly.overheads as o
) as m
group by m.tenant_id, m.month, m.currency, m.kind
order by m.tenant_id, m.month, m.currency, m.kind;
insert into zixly.lead_stages (tenant_id, id, stage, position, status) values
  ('zixly-org-001', 'stage_1', 'Inquiry', 1, 'OPEN'),
  ('zixly-org-001', 'stage_2', 'Contract signed', 2, 'WON'),
  ('abc-org-001', 'stage_1', 'Inquiry', 1, 'OPEN');
insert into zixly.lead_events (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value) values
  ('zixly-org-001', 'lev_1', 'ckpi_harbor', 'lead-1', 'Inquiry', 'OPEN', '2023-11-05', 5000.50),
  ('zixly-org-001', 'lev_2', 'ckpi_harbor', 'lead-1', 'Contract signed', 'WON', '2023-12-01', 45000),
  ('abc-org-001', 'lev_1', 'ckpi_abc', 'lead-1', 'Inquiry', 'OPEN', '2024-01-05', null);
insert into zixly.metric_definitions (tenant_id, id, metric_name, unit, kind, direction, out_of, purpose) values
  ('zixly-org-001', 'mdef_1', 'Billable Hours', 'hours', 'DURATION', 'UP', null, 'BILLABLE_HOURS'),
  ('zixly-org-001', 'mdef_2', 'Satisfaction', 'stars', 'RATING', 'UP', 5, null),
  ('abc-org-001', 'mdef_1', 'Milestones Completed', 'milestones', 'COUNT', 'UP', null, null);
insert into zixly.metric_targets
  (tenant_id, id, metric_id, client_kpi_id, from_month, kind, low, near_low, high, near_high) values
  ('zixly-org-001', 'mtg_1', 'mdef_1', null, '2000-01-01', 'AT_LEAST', 120, 108, null, null),
  ('zixly-org-001', 'mtg_2', 'mdef_1', 'ckpi_harbor', '2024-02-01', 'BETWEEN', 90.5, 80, 110, 120.0001),
  ('abc-org-001', 'mtg_1', 'mdef_1', null, '2024-01-01', 'NONE', null, null, null, null);
insert into zixly.custom_metrics
  (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date, note) values
  ('zixly-org-001', 'met_1', 'ckpi_harbor', 'Billable Hours', 100.25, 'hours', '2024-01-31', null),
  ('zixly-org-001', 'met_2', 'ckpi_harbor', 'Satisfaction', 4.7501, 'stars', '2024-02-29', 'By telephone'),
  ('abc-org-001', 'met_1', 'ckpi_abc', 'Milestones Completed', 7, 'milestones', '2024-02-01', null);
insert into zixly.exchange_rates (tenant_id, id, month, currency, into_currency, rate) values
  ('zixly-org-001', 'rate_1', '2024-03-01', 'NZD', 'AUD', 0.91320001);
insert into zixly.closed_months (tenant_id, id, month, closed_by, closed_by_name) values
  ('zixly-org-001', 'clo_1', '2024-01-01', 'user_cole', 'Cole');
insert into zixly.date_notes (tenant_id, id, day, client_kpi_id, words, written_by_name) values
  ('zixly-org-001', 'note_1', '2024-02-03', null, 'Prices went up', 'Support'),
  ('zixly-org-001', 'note_2', '2024-02-04', 'ckpi_harbor', 'New site', 'Support');
insert into zixly.finding_dismissals
  (tenant_id, id, kind, client_kpi_id, subject, reason, dismissed_by, dismissed_by_name) values
  ('zixly-org-001', 'dis_1', 'LOSS', 'ckpi_harbor', '2024-02', 'Agreed with the client', 'user_support', 'Support');
insert into zixly.saved_views (tenant_id, id, user_id, page, name, filters, is_default) values
  ('zixly-org-001', 'view_1', 'user_cole', 'financials', 'First quarter', 'period=2024-Q1', true);
insert into zixly.imports
  (tenant_id, id, kind, file_name, checksum, added, changed, unchanged, rejected, left_out, sums,
   imported_by, imported_by_name, transaction_id) values
  ('zixly-org-001', 'imp_1', 'FINANCIALS', 'march.csv', repeat('a', 64), 1, 0, 0, 1, 0,
   '[{"currency": "AUD", "revenue": "15000.20", "expenses": "8000.00"}]', 'user_support', 'Support', '700');
insert into zixly.import_mappings (tenant_id, id, kind, header, mapping) values
  ('zixly-org-001', 'map_1', 'FINANCIALS', repeat('b', 64), '{}');

delete from app_private.signing_key;
insert into app_private.signing_key (inner_pad, outer_pad) values
  (decode(repeat('36', 64), 'hex'), decode(repeat('5c', 64), 'hex'));
insert into app_private.sign_in_tickets (ticket_hash, tenant_id, user_id, expires_at) values
  (decode(repeat('04', 32), 'hex'), 'zixly-org-001', 'user_cole', now());
insert into app_private.sign_in_failures (email, address) values ('cole@zixly.com.au', '192.0.2.1');
insert into app_private.set_up_links (token_hash, expires_at) values (decode(repeat('05', 32), 'hex'), now());
insert into app_private.pending_factors (tenant_id, user_id, secret) values
  ('zixly-org-001', 'user_cole', 'DUMMY');

-- Every instant is the same one, long past for sessions and links.
do $$
declare
  instant record;
begin
  for instant in
    select c.oid::regclass as of_table, a.attname
    from pg_catalog.pg_class as c
    join pg_catalog.pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace in ('zixly'::regnamespace, 'app_private'::regnamespace) and c.relkind = 'r'
      and a.atttypid = 'timestamptz'::regtype
  loop
    execute format('update %1$s set %2$I = ''2026-01-01 09:00+00'' where %2$I is not null',
                   instant.of_table, instant.attname);
  end loop;
end
$$;
insert into zixly.audit_log
  (tenant_id, id, at, user_id, user_email, address, action, table_name, row_id, client_kpi_id, import_id, after)
select
  f.tenant_id,
  'aud_1' as id,
  f.created_at,
  'user_support' as user_id,
  'support@zixly.com.au' as user_email,
  '192.0.2.1' as address,
  'INSERT' as action,
  'financials' as table_name,
  f.id as row_id,
  f.client_kpi_id,
  'imp_1' as import_id,
  to_jsonb(f) as after
from zixly.financials as f
where f.tenant_id = 'zixly-org-001' and f.id = 'fin_2';
