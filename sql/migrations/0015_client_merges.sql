-- Clients that were merged into others, with all that undoing it takes.

-- ── client merges ───────────────────────────────────────────────────────────────────────────
-- The merged client's row is gone from client_kpis and kept whole in `merged`. `moved` says of each row that was its
-- own which version and contents it had once it was the kept client's: {table: {id: [version, checksum]}}. `replaced`
-- has whole the rows that the kept client has its own of: {table: [row]}. `counts` are numbers of moved rows by table.
-- No reference to client_kpis: a merge outlives the kept client, which may be merged itself.
create table zixly.client_merges (
  tenant_id      text collate "C" not null default app.tenant_id(),
  id             text collate "C" not null default app.new_id('mrg'),
  kept_id        text collate "C" not null,
  kept_name      text not null,
  kept_status    text not null,
  merged         jsonb not null,
  counts         jsonb not null,
  moved          jsonb not null,
  replaced       jsonb not null,
  merged_by      text collate "C" default app.user_id(),
  merged_by_name text default app.my_name(),
  undone_at      timestamptz,
  undone_by_name text,
  created_at     timestamptz not null default now(),
  updated_at     timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id) references zixly.tenants (id) on delete cascade
);
