-- Prospects, and the order of lead events within a day.

-- ── prospects: companies with an open deal and no bill yet ──────────────────────────────────
alter table zixly.client_kpis
  drop constraint client_status_known,
  add constraint client_status_known check (status in ('ACTIVE', 'COMPLETED', 'PROSPECT'));
-- Every statement that writes records asks which of its clients are prospects. (No partial index: the size of one,
-- which EXPLAIN shows, would tell how many prospects all tenants have.)
create index client_kpis_by_status on zixly.client_kpis (tenant_id, status);

-- ── lead events: the time of day, where it is known ─────────────────────────────────────────
-- The time lies on the event's date in the time zone that the tenant had then, so somewhere between the date's
-- beginning at UTC+14 and its end at UTC-12.
alter table zixly.lead_events
  add column event_at timestamptz,
  add constraint lead_event_time_on_date check (
    event_at at time zone 'UTC' >= event_date::timestamp - interval '14 hours'
    and event_at at time zone 'UTC' < event_date::timestamp + interval '36 hours'
  );
