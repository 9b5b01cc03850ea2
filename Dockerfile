# One image that serves and trains. The base is Ubuntu 24.04, whose libstdc++ is new enough for TorchSharp's library as it comes
# from NuGet (docs/adr/0003). How to run it: docs/runbook.md.

FROM mcr.microsoft.com/dotnet/sdk:10.0-noble AS build
# FAISS's C library is built from the distribution's package (docs/adr/0008).
RUN apt-get update && apt-get install -y --no-install-recommends g++ libfaiss-dev libopenblas-dev && rm -rf /var/lib/apt/lists/*
WORKDIR /source

# Packages first: a change of code alone keeps this layer.
COPY global.json nuget.config Directory.Build.props Directory.Build.targets Directory.Packages.props ./
COPY RecSys.Core/RecSys.Core.csproj RecSys.Core/packages.lock.json RecSys.Core/
COPY RecSys.Api/RecSys.Api.csproj RecSys.Api/packages.lock.json RecSys.Api/
RUN dotnet restore RecSys.Api --locked-mode

COPY . .
RUN eng/native/build-faiss.sh artifacts/native/faiss
# The commit goes into the manifest of every bundle; .git itself stays outside.
ARG COMMIT=unknown
RUN dotnet publish RecSys.Api -c Release --no-restore -o /app -p:SourceRevisionId=$COMMIT \
    # Native libraries of other systems; 490 of the remaining 504 MB are libtorch and LightGBM, which only training loads.
    && find /app/runtimes -mindepth 1 -maxdepth 1 ! -name linux-x64 -exec rm -r {} + \
    && mkdir /empty

FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble
# LightGBM's and FAISS's libraries need OpenMP, FAISS's also OpenBLAS.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libgomp1 libopenblas0 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /app /app
# The folder has to belong to the user before it becomes a volume.
COPY --from=build --chown=$APP_UID:$APP_UID /empty /data

# The program writes to /data alone, so the root file system may be read-only: ASP.NET's data protection keys, which nothing here uses,
# then stay in memory, and the runtime's own sockets in /tmp are turned off.
ENV DOTNET_EnableDiagnostics=0
USER $APP_UID
VOLUME /data
WORKDIR /data
EXPOSE 8080
STOPSIGNAL SIGTERM

# There is no HEALTHCHECK: the image has no program that speaks HTTP beside the server itself. Let the orchestrator probe
# GET /livez and GET /readyz.
ENTRYPOINT ["/app/RecSys.Api"]
CMD ["serve", "--data", "/data", "--address", "0.0.0.0", "--port", "8080"]
