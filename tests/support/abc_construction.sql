-- One row of everything for ABC Construction, as a superuser, so that isolation has something to hide.
insert into zixly.client_kpis (tenant_id, id, client_id, client_name, industry) values
  ('abc-org-001', 'ckpi_abc_001', 'HBR-001', 'Harbor Bridge Renovation', 'Construction'),
  ('abc-org-001', 'ckpi_abc_002', 'BRD-002', 'Bondi Residential Development', 'Construction');
insert into zixly.financials (tenant_id, id, client_kpi_id, record_date, revenue, expenses) values
  ('abc-org-001', 'fin_abc_001', 'ckpi_abc_001', '2024-02-01', 777000.77, 700.07),
  ('abc-org-001', 'fin_abc_002', 'ckpi_abc_002', '2024-03-01', 1234.00, 999.00);
insert into zixly.overheads (tenant_id, id, record_date, currency, revenue, expenses, account, note) values
  ('abc-org-001', 'ovh_abc_001', '2024-02-01', 'AUD', 0, 888000.88, 'Rent', 'Yard of ABC Construction');
insert into zixly.lead_events
  (tenant_id, id, client_kpi_id, lead_id, stage, status, event_date, value) values
  ('abc-org-001', 'lev_abc_001', 'ckpi_abc_001', 'abc-lead-1', 'Inquiry', 'OPEN', '2024-01-05', 5000);
insert into zixly.metric_definitions (tenant_id, id, metric_name, unit) values
  ('abc-org-001', 'mdef_abc_001', 'Milestones Completed', 'milestones');
insert into zixly.custom_metrics
  (tenant_id, id, client_kpi_id, metric_name, metric_value, unit, record_date) values
  ('abc-org-001', 'met_abc_001', 'ckpi_abc_001', 'Milestones Completed', 7, 'milestones', '2024-02-01');
insert into zixly.integrations (tenant_id, id, kind) values ('abc-org-001', 'int_abc_001', 'XERO');
insert into zixly.invitations (tenant_id, id, email, role, token_hash, invited_by) values
  ('abc-org-001', 'inv_abc_001', 'mike@abcconstruction.com.au', 'VIEWER', '\xabc0', 'sarah');
