import time, os, cProfile, pstats
import sqlalchemy as sa
import pytest
from tests.scale.many_records import fill
from tests.support.page_runs import open_page
from zixly_data.database import connection
from zixly_data.people import tenants
CASES=[c for c in os.environ.get("CASES","lead_funnel,custom_kpis,enter_month:financials,enter_month:leads,enter_month:metrics,import_file,account,team").split(",")]

def test_all(database, admin, new_team):
    team=new_team(); today=tenants.get(team.viewer).today()
    fill(team, admin, today, clients=2000, records=int(os.environ.get("RECORDS","100000")), events=200000, values=300000)
    if os.environ.get("ANALYZE"):
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as c: c.execute(sa.text("analyze"))
    rows=[]
    slow=[]
    starts={}
    def before(conn,cur,stmt,*a): starts[id(cur)]=time.perf_counter()
    def after(conn,cur,stmt,*a):
        rows.append(cur.rowcount); slow.append((time.perf_counter()-starts[id(cur)],cur.rowcount,stmt))
    sa.event.listen(connection.opened().app,"before_cursor_execute",before)
    sa.event.listen(connection.opened().app,"after_cursor_execute",after)
    with open("/tmp/scratch2/out.txt","a") as out:
        for case in CASES:
            page,_,what=case.partition(":")
            q={"period":"all"}
            if page=="enter_month": q={"month":today.strftime("%Y-%m"),"what":what}
            for turn in range(2):
                rows.clear(); slow.clear(); t=time.perf_counter()
                run=open_page(team.admin,page,**q)
                dt=time.perf_counter()-t
                size=sum(m.ByteSize() for m in run._script.messages)
                big=sorted(((m.ByteSize(), m.WhichOneof("type"), m.delta.WhichOneof("type") and m.delta.new_element.WhichOneof("type")) for m in run._script.messages),key=lambda x:-x[0])[:3]
                print(case,f"{dt*1000:.0f} ms, {size:,} bytes, {sum(rows):,} rows, largest read {max(rows):,}, {len(rows)} statements", big, file=out, flush=True)
            for d,n,s in sorted(slow,reverse=True)[:4]: print(f"      {d*1000:.0f} ms {n} rows", " ".join(s.split())[:300], file=out)
