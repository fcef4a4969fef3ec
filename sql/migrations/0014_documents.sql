-- Documents of files: the lines of a document share its number, and another client may have a document of that number.

-- ── numbers: unique for a source, which has one record for each ─────────────────────────────
alter table zixly.financials drop constraint financial_source_unique;
create unique index financial_source_unique on zixly.financials (tenant_id, source_system, external_id)
  where source_system not in ('manual', 'file');
create index financials_by_number on zixly.financials (tenant_id, external_id)
  where source_system = 'file' and external_id is not null;
alter table zixly.overheads drop constraint overhead_source_unique;
create unique index overhead_source_unique on zixly.overheads (tenant_id, source_system, external_id)
  where source_system not in ('manual', 'file');
create index overheads_by_number on zixly.overheads (tenant_id, external_id)
  where source_system = 'file' and external_id is not null;

-- ── lines that were counted (`INV-7`, `INV-7 (2)`) get the number of their document again ───
-- Counted were lines of one client, and equal numbers of several clients in one file: rows of one import have the time
-- of its transaction. No version is counted, as nobody changed the record.
alter table zixly.financials no force row level security;
alter table zixly.financials disable trigger user;
update zixly.financials as line
set external_id = first_line.external_id
from zixly.financials as first_line
where line.source_system = 'file' and line.external_id ~ ' \([0-9]+\)$'
  and first_line.tenant_id = line.tenant_id and first_line.source_system = 'file'
  and first_line.external_id = regexp_replace(line.external_id, ' \([0-9]+\)$', '')
  and (first_line.client_kpi_id = line.client_kpi_id or first_line.created_at = line.created_at);
alter table zixly.financials enable trigger user;
alter table zixly.financials force row level security;
alter table zixly.overheads no force row level security;
alter table zixly.overheads disable trigger user;
update zixly.overheads as line
set external_id = first_line.external_id
from zixly.overheads as first_line
where line.source_system = 'file' and line.external_id ~ ' \([0-9]+\)$'
  and first_line.tenant_id = line.tenant_id and first_line.source_system = 'file'
  and first_line.external_id = regexp_replace(line.external_id, ' \([0-9]+\)$', '')
  and (first_line.counterparty is not distinct from line.counterparty or first_line.created_at = line.created_at);
alter table zixly.overheads enable trigger user;
alter table zixly.overheads force row level security;

-- ── imports: lines that they removed ────────────────────────────────────────────────────────
alter table zixly.imports
  add column removed integer not null default 0,
  drop constraint import_counts,
  add constraint import_counts check (least(added, changed, unchanged, rejected, left_out, removed) >= 0);
