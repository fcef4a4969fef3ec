# The app alone; compose.yaml adds PostgreSQL. No password is ever part of the image.
# Python 3.11.17 on Debian 13. Dependabot renews the digest; by hand:
#   docker buildx imagetools inspect python:3.11-slim
FROM python:3.11-slim@sha256:0dd364ba7e10242f07755449e3a3d0e35f9efd987952737b90def6709ab0c5ce

RUN useradd --create-home --uid 10001 zixly
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY app.py pyproject.toml ./
COPY .streamlit .streamlit
COPY sql sql
COPY zixly_data zixly_data
COPY zixly_ui zixly_ui
COPY pages pages
RUN python -m zixly_ui.http.compressed_copies
RUN mkdir /data && chown zixly:zixly /data

USER 10001:10001
ENV ZIXLY_HOME=/data PORT=8501 STREAMLIT_SERVER_ADDRESS=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8501
# 200, or 503 if the database does not answer.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=5 \
  CMD ["python", "-c", "import os, urllib.request as r; r.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/healthz', timeout=4)"]
CMD ["sh", "-c", "python -m zixly_data prepare && exec python app.py"]
