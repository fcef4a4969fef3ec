"""Apache Superset's chart-data API with the query of the report; see bench/report_sizes.py.

Runs with the Python that Superset is installed for, separate from Zixly's:

    python -m venv superset && superset/bin/pip install apache-superset psycopg2-binary

The argument is the address of a database. Each line on standard input is a first and a last day;
the response is a line of JSON with the seconds of one POST to /api/v1/chart/data, without cache,
through Flask's test client: without network or web server, which would only make it slower.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from pathlib import Path

QUESTION = """
    select c.client_name, f.record_date, f.revenue, f.expenses
    from zixly.financials as f
    join zixly.client_kpis as c on c.tenant_id = f.tenant_id and c.id = f.client_kpi_id
    where f.tenant_id = 'tenant-01'
"""
CONFIG = """
SECRET_KEY = "measured, and thrown away with its folder"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
CACHE_CONFIG = {{"CACHE_TYPE": "NullCache"}}
DATA_CACHE_CONFIG = {{"CACHE_TYPE": "NullCache"}}
FILTER_STATE_CACHE_CONFIG = {{"CACHE_TYPE": "SimpleCache"}}
EXPLORE_FORM_DATA_CACHE_CONFIG = {{"CACHE_TYPE": "SimpleCache"}}
PREVENT_UNSAFE_DB_CONNECTIONS = False
"""


def main(url: str, folder: Path) -> None:
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # Superset writes its log where the answers belong.
    (folder / "superset_config.py").write_text(CONFIG.format(folder=folder))
    os.environ["SUPERSET_CONFIG_PATH"] = str(folder / "superset_config.py")
    os.environ["SUPERSET_HOME"] = str(folder)

    from superset.app import create_app

    app = create_app()
    with app.app_context():
        import superset
        from flask_migrate import upgrade
        from superset import db, security_manager
        from superset.connectors.sqla.models import SqlaTable
        from superset.models.core import Database

        upgrade(str(Path(superset.__file__).parent / "migrations"))
        security_manager.sync_role_definitions()
        security_manager.add_user(
            "admin", "A", "B", "admin@example.com", security_manager.find_role("Admin"), "admin"
        )
        database = Database(database_name="zixly")
        database.set_sqlalchemy_uri(url.replace("postgresql+psycopg://", "postgresql://"))
        table = SqlaTable(table_name="report", sql=QUESTION, database=database)
        db.session.add_all([database, table])
        db.session.commit()
        table.fetch_metadata()
        db.session.commit()
        dataset = table.id
    client = app.test_client()
    signed_in = client.post(
        "/api/v1/security/login",
        json={"username": "admin", "password": "admin", "provider": "db", "refresh": False},
    )
    headers = {"Authorization": f"Bearer {signed_in.get_json()['access_token']}"}
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        reply = client.post(
            "/api/v1/chart/data", json=_query(dataset, *line.split()), headers=headers
        )
        seconds = time.perf_counter() - start
        result = reply.get_json()
        rows = len(result["result"][0]["data"]) if "result" in result else str(result)
        print(json.dumps({"seconds": seconds, "rows": rows}), file=answers, flush=True)


def _query(dataset: int, first: str, last: str) -> dict[str, object]:
    """Superset's period ends before its last day, so the last day is a separate condition."""

    def total(expression: str, label: str) -> dict[str, object]:
        return {"expressionType": "SQL", "sqlExpression": expression, "label": label}

    return {
        "datasource": {"id": dataset, "type": "table"},
        "force": True,
        "result_format": "json",
        "result_type": "full",
        "queries": [
            {
                "columns": ["client_name"],
                "metrics": [
                    total("sum(revenue)", "revenue"),
                    total("sum(expenses)", "expenses"),
                    total("sum(revenue) - sum(expenses)", "profit"),
                ],
                "filters": [
                    {"col": "record_date", "op": ">=", "val": first},
                    {"col": "record_date", "op": "<=", "val": last},
                ],
                "orderby": [["profit", False]],
                "row_limit": 10000,
            }
        ],
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        main(sys.argv[1], Path(place))
